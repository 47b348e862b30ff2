"""Results: numbered revisions with all that follows, signed by somebody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from models.audits import AuditRecord
from models.awards import Award, LevelGrant
from models.contests import Event, RuleVersion
from models.database import db
from models.results import Result, Revision
from rules.levels import LevelRule
from rules.marking import IncompleteMarks
from rules.plans import EventPlan, default_event_plan
from rules.ranking import EntryStatus, TieBreak
from rules.refusals import Missing, Refused
from rules.states import EntryState, EventState, RevisionState
from services import results, results_inputs, results_lists, results_tables
from services.results_lists import Wanted
from tests.builders import Builder
from tests.results_story import Story


def _results(revision_id: int) -> dict[int, Result]:
    rows = db.session.scalars(select(Result).where(Result.revision_id == revision_id))
    return {row.entry_id: row for row in rows}


def test_totals_ranks_awards_and_levels_come_in_one_act(build: Builder) -> None:
    story = Story(build)
    best, second, failed = story.entry("80", "90"), story.entry("70", "85"), story.entry("50", "95")
    revision_id = story.computed()
    found = _results(revision_id)
    assert [found[e.id].total for e in (best, second, failed)] == [
        Decimal(88),
        Decimal(82),
        Decimal(86),
    ]
    assert [found[e.id].rank for e in (best, second, failed)] == [1, 3, 2]
    assert [found[e.id].passed for e in (best, second, failed)] == [True, True, False]
    awards = {row.entry_id: row for row in db.session.scalars(select(Award))}
    assert [awards[e.id].tier for e in (best, failed, second)] == ["first", "second", "second"]
    assert (awards[best.id].amount, awards[best.id].honours) == (Decimal(10000), ["Skills Star"])
    grants = db.session.scalars(select(LevelGrant)).all()
    assert {(g.entry_id, g.level) for g in grants} == {(best.id, 3), (second.id, 3)}


def test_each_division_is_ranked_and_awarded_apart(build: Builder) -> None:
    story = Story(build)
    staff, student = story.entry("90", "90"), story.entry("70", "70", division=1)
    found = _results(story.computed())
    assert (found[staff.id].rank, found[student.id].rank) == (1, 1)
    assert [row.tier for row in db.session.scalars(select(Award))] == ["first", "first"]


def test_top_levels_count_those_who_competed(build: Builder) -> None:
    rule = LevelRule(needs=("theory", "practical"), top_share=Decimal(20))
    plan = default_event_plan().model_copy(update={"levels": rule})
    story = Story(build, plan=plan)
    story.field(str(60 + n) for n in range(9))
    story.absent()
    story.computed()
    levels = [grant.level for grant in db.session.scalars(select(LevelGrant))]
    assert sorted(levels) == [2, 3, 3, 3, 3, 3, 3, 3, 3]  # floor(20 % of 9) = 1


def test_absent_withdrawn_and_violation_have_no_rank_and_stay_distinct(build: Builder) -> None:
    story = Story(build)
    zero = story.entry("0", "0")
    others = [
        story.absent(status)
        for status in (EntryStatus.ABSENT, EntryStatus.WITHDRAWN, EntryStatus.VIOLATION)
    ]
    found = _results(story.computed())
    assert (found[zero.id].rank, found[zero.id].total) == (1, 0)
    assert [found[e.id].status for e in others] == [e.status for e in others]
    assert {(found[e.id].rank, found[e.id].total) for e in others} == {(None, None)}


def test_an_entry_withdrawn_after_the_draw_stays_on_the_list(build: Builder) -> None:
    story = Story(build)
    story.entry("80", "80")
    gone = story.entry(state=EntryState.WITHDRAWN)
    build.entry(story.event, state=EntryState.WITHDRAWN)  # before the draw: not a starter
    found = _results(story.computed())
    assert len(found) == 2
    assert found[gone.id].status is EntryStatus.WITHDRAWN


def test_out_of_competition_keeps_the_rank_and_passes_the_award_down(build: Builder) -> None:
    story = Story(build)
    guest = story.entry("99", "99", in_competition=False)
    second = story.entry("90", "90")
    found = _results(story.computed())
    assert (found[guest.id].rank, found[guest.id].award_rank) == (1, None)
    assert (found[second.id].rank, found[second.id].award_rank) == (2, 1)
    assert [row.entry_id for row in db.session.scalars(select(Award))] == [second.id]


def test_too_small_a_field_gives_neither_titles_nor_prizes_nor_levels(build: Builder) -> None:
    plan = default_event_plan().model_copy(update={"minimum_entrants": 3})
    story = Story(build, plan=plan)
    story.field(["90", "80"])
    revision = results_lists.get_with_rules(story.computed())
    assert db.session.scalars(select(Award)).all() == []
    assert db.session.scalars(select(LevelGrant)).all() == []
    assert [c.selection_only for c in results_lists.count_divisions(revision)] == [True, False]


def test_missing_marks_are_refused_and_listed_by_work_code(build: Builder) -> None:
    story = Story(build)
    story.entry("80", "80")
    half = story.entry("80")
    with pytest.raises(IncompleteMarks):
        story.computed()
    blockers = results.list_blockers(story.event.id)
    assert [blocker.code for blocker in blockers] == [half.code]
    assert db.session.scalars(select(Revision)).all() == []


def test_results_wait_for_the_chief_judge(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    story.event.state = EventState.SCORING
    db.session.commit()
    with pytest.raises(Refused, match="confirmed"):
        story.computed()


def test_an_event_without_entries_or_frozen_rules_is_refused(build: Builder) -> None:
    story = Story(build)
    with pytest.raises(Refused, match="no accepted entries"):
        story.computed()
    bare = build.event(state=EventState.REVIEW)
    with pytest.raises(Refused, match="not frozen"):
        results.compute(story.actor("organizer"), bare.id)
    assert results.list_blockers(bare.id) == []
    with pytest.raises(Missing):
        results.compute(story.actor("organizer"), 999_999)


@pytest.mark.parametrize(
    "step", [TieBreak(kind="time", key="minutes"), TieBreak(kind="part", key="oral")]
)
def test_a_tie_break_for_which_nothing_is_recorded_is_refused(
    build: Builder, step: TieBreak
) -> None:
    plan = default_event_plan().model_copy(update={"tie_breaks": (step,)})
    story = Story(build, plan=plan)
    story.field(["80", "80"])
    with pytest.raises(Refused, match=step.key):
        story.computed()


def test_computing_again_supersedes_the_older_draft(build: Builder) -> None:
    story = Story(build)
    story.field(["80", "70"])
    first, second = story.computed(), story.computed()
    one, two = results.get_revision(first), results.get_revision(second)
    assert (one.state, two.state) == (RevisionState.SUPERSEDED, RevisionState.DRAFT)
    assert (one.number, two.number, one.digest == two.digest) == (1, 2, True)
    with pytest.raises(Refused, match="newest draft"):
        results.sign(story.actor("supervisor"), first)


def test_a_signature_freezes_the_results_and_moves_the_event(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    supervisor = story.actor("supervisor")
    revision_id = results.sign(supervisor, story.computed())
    revision = results.get_revision(revision_id)
    assert (revision.state, revision.signed_by_id) == (RevisionState.SIGNED, supervisor.account_id)
    assert db.session.get_one(Event, story.event.id).state is EventState.SIGNED
    actions = db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)).all()
    assert actions[-2:] == ["compute", "sign"]
    with pytest.raises(Refused):
        results.sign(story.actor("supervisor"), revision_id)
    with pytest.raises(Refused, match="confirmed"):
        story.computed()


def test_whoever_computed_cannot_sign(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    organizer = story.actor("organizer")
    revision_id = results.compute(organizer, story.event.id)
    with pytest.raises(Refused, match="cannot sign"):
        results.sign(organizer, revision_id)


def test_results_changed_behind_the_digest_cannot_be_signed(build: Builder) -> None:
    story = Story(build)
    story.field(["80", "70"])
    revision_id = story.computed()
    assert results.is_intact(results.get_revision(revision_id))
    db.session.execute(update(Award).values(amount=Decimal(99999)))
    db.session.commit()
    with pytest.raises(Refused, match="digest"):
        results.sign(story.actor("supervisor"), revision_id)


def test_the_digest_depends_on_the_rules(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    first = results.get_revision(story.computed()).digest
    db.session.execute(update(RuleVersion).values(digest="e" * 64))
    db.session.commit()
    assert results.get_revision(story.computed()).digest != first


def test_the_list_is_sorted_filtered_and_paged(build: Builder) -> None:
    story = Story(build)
    entries = story.field(["70", "90", "80"])
    story.absent()
    revision_id = story.computed()
    division = story.event.divisions[0].id

    def ranks(**more: object) -> list[int | None]:
        wanted = Wanted(division_id=division, **more)  # type: ignore[arg-type]
        return [one.rank for one in results_lists.list_results(revision_id, wanted).page.items]

    assert ranks() == [1, 2, 3, None]
    assert ranks(descending=True) == [3, 2, 1, None]
    assert ranks(sort="code") == [3, 1, 2, None]
    assert ranks(q=entries[1].title) == [1]
    assert ranks(q="%") == []
    assert ranks(status=EntryStatus.ABSENT) == [None]
    lines = results_lists.list_results(revision_id, Wanted(division), page=2, size=3)
    assert (len(lines.page.items), lines.page.total) == (1, 4)


def test_a_list_takes_the_same_statements_for_one_and_many(
    build: Builder, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    counts = []
    for totals in (["80"], ["90", "80", "70"]):
        story = Story(build)
        story.field(totals)
        revision_id = story.computed()
        db.session.expire_all()
        with statements() as seen:
            lines = results_lists.list_results(revision_id)
            [
                (line.entry.employer, lines.levels[line.entry_id][0].person.name)
                for line in lines.page.items
            ]
        counts.append(len(seen))
    assert counts[0] == counts[1] == 4


def test_a_revision_keeps_what_it_was_computed_from(build: Builder) -> None:
    story = Story(build)
    entry = story.entry("80", "90")
    revision_id = story.computed()
    kept = db.session.scalars(select(Result.inputs)).one()
    assert kept == {
        "marks": {
            "theory": {"1": {"theory_mark": "80"}},
            "practical": {"1": {"practical_mark": "90"}},
        },
        "statuses": {},
        "in_competition": True,
    }
    assert results_inputs.read(entry.id, kept).marks["practical"][0].marks["practical_mark"] == 90
    kept["marks"]["theory"]["1"]["theory_mark"] = "81"
    db.session.execute(update(Result).values(inputs=kept))
    db.session.commit()
    assert not results.is_intact(results.get_revision(revision_id))


def test_a_revision_from_before_inputs_were_kept_stays_intact(build: Builder) -> None:
    story = Story(build)
    story.field(["80", "70"])
    revision = results.get_revision(story.computed())
    version = db.session.get_one(RuleVersion, revision.rule_version_id)
    db.session.execute(update(Result).values(inputs=None))
    revision.decisions = None
    rows = [
        [dict(zip(facts, row, strict=True)) for row in db.session.execute(select(*columns))]
        for facts, columns in (
            (names, [getattr(table, name) for name in names])
            for table, names in (
                (Result, results._RESULT_FACTS),
                (Award, results._AWARD_FACTS),
                (LevelGrant, results._GRANT_FACTS),
            )
        )
    ]
    revision.digest = results.digest_of(version.digest, results.Computed(*rows, [], []), None)
    db.session.commit()
    assert results.is_intact(revision)
    db.session.execute(update(Result).values(rank=7))
    db.session.commit()
    assert not results.is_intact(revision)


def test_a_split_prize_pays_each_the_same_part(build: Builder) -> None:
    plan = default_event_plan()
    awards = plan.awards.model_copy(update={"ties": "split"})
    story = Story(build, plan=plan.model_copy(update={"awards": awards, "tie_breaks": ()}))
    story.field(["80", "80", "70"])
    story.computed()
    amounts = {row.entry_id: row.amount for row in db.session.scalars(select(Award))}
    # Places 1 and 2 are worth 10,000 and 5,000 yuan; the third is the second of the second prize.
    assert sorted(amounts.values()) == [Decimal(5000), Decimal(7500), Decimal(7500)]


@pytest.mark.parametrize("policy", ["refuse", "reduce"])
def test_a_budget_holds_for_all_divisions_together(build: Builder, policy: str) -> None:
    plan = default_event_plan()
    awards = plan.awards.model_copy(
        update={"budget": Decimal(10000), "over_budget": policy, "amount_basis": "gross"}
    )
    story = Story(build, plan=plan.model_copy(update={"awards": awards}))
    story.entry("90", "90")
    story.entry("70", "70", division=1)
    if policy == "refuse":
        with pytest.raises(Refused, match="budget"):
            story.computed()
        return
    story.computed()
    amounts = [row.amount for row in db.session.scalars(select(Award))]
    assert amounts == [Decimal(5000), Decimal(5000)]


def test_employers_are_ranked_as_teams_and_delegations_where_the_plan_says_so(
    build: Builder,
) -> None:
    groups = {
        "teams": {"members": 2, "best": 2, "by_time": False},
        "delegations": {"points": ["5", "3", "1"], "tier_points": {"first": "2"}},
    }
    plan = EventPlan.model_validate(default_event_plan().model_dump() | groups)
    story = Story(build, plan=plan)
    steel, ships = build.employer(title="钢铁公司"), build.employer(title="船厂")
    for employer, totals in ((steel, ["90", "70"]), (ships, ["85", "80", "60"])):
        story.field(totals, employer=employer)
    story.absent()
    revision_id = story.computed()
    tables = results_tables.group_tables(revision_id, story.event.divisions[0].id, plan)
    assert tables.teams is not None and tables.delegations is not None
    places = [(team.team, team.rank, team.total, len(team.counted)) for team in tables.teams]
    assert places[:2] == [
        ("船厂", 1, Decimal(165), 2),
        ("钢铁公司", 2, Decimal(160), 2),
    ]
    points = {one.name: (one.points, one.ranks["points"]) for one in tables.delegations}
    assert points == {"钢铁公司": (7, 1), "船厂": (4, 2)}
    bare = results_tables.group_tables(revision_id, None, default_event_plan())
    assert (bare.teams, bare.delegations) == (None, None)
