"""What the registers say of applicants: all of it, of many in as few statements as of one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from models.contests import RuleVersion
from models.database import db
from models.levels import PersonLevel
from models.people import Person
from models.results import Result, Revision
from models.selection_applications import SelectionApplication, SelectionEvidence
from models.selection_holders import SelectionHolder
from rules.honours import HonourLevel, HonourVia
from rules.mentorships import MentorshipState
from rules.ranking import EntryStatus
from rules.selection_eligibility import Apprentice, Bar, Borne, HeldTier, Placing, Proof
from rules.selections import Channel, EvidenceKind, EvidenceSource, HolderState
from rules.states import ContestState, EventState, HonourState, RevisionState
from services import selection_applications_facts as facts
from tests.builders import NOW, Builder
from tests.selection_rows import is_given
from tests.selection_story import SelectionStory
from tests.workshop_rows import add_pair

Statements = Callable[[], AbstractContextManager[list[str]]]


def applies(build: Builder, round_id: int, person: Person) -> SelectionApplication:
    return build._kept(
        SelectionApplication(
            round_id=round_id,
            person_id=person.id,
            channel=Channel.PERSON,
            answers={"skill": "焊接", "years": 12},
            trade_since=date(2010, 1, 1),
            begun_at=NOW,
            saved_at=NOW,
        )
    )


def is_placed(build: Builder, person: Person, rank: int, event: object = None) -> None:
    contest = build.contest(ContestState.PUBLISHED, level="province", ends_on=date(2026, 10, 20))
    event = build.event(contest, EventState.FINAL, held_on=date(2025, 6, 1))
    entry = build.entry(event, person=person)
    version = RuleVersion(
        event_id=event.id, number=1, scheme={}, plan={}, edition={}, digest="d", frozen_at=NOW
    )
    build._kept(version)
    for number, state in ((1, RevisionState.SUPERSEDED), (2, RevisionState.SIGNED)):
        revision = build._kept(
            Revision(
                event_id=event.id, number=number, state=state, rule_version_id=version.id,
                digest="d", computed_at=NOW,
            )
        )  # fmt: skip
        build._kept(
            Result(
                revision_id=revision.id, entry_id=entry.id, status=EntryStatus.COMPETED,
                parts={}, rank=rank + 2 - number, award_rank=None,
            )
        )  # fmt: skip


def has_everything(story: SelectionStory) -> SelectionApplication:
    build = story.build
    person = build.person(held_level=3)
    applies(build, story.round_id, build.person())
    application = applies(build, story.round_id, person)
    db.session.add(PersonLevel(person_id=person.id, occupation="焊工", level=2, recorded_at=NOW))
    is_given(build, person, state=HonourState.REVOKED, title="撤销的")
    honour = is_given(build, person)
    silver = is_given(build, person, title="上林银匠", level=HonourLevel.CITY)
    programme = story.round.programme
    for given, tier, state, until in (
        (honour, "gold", HolderState.REVOKED, date(2030, 1, 1)),
        (silver, "silver", HolderState.ENDED, None),
    ):
        holder = SelectionHolder(
            programme_id=programme.id, honour_id=given.id, person_id=person.id, tier=tier,
            year=2024, starts_on=date(2024, 5, 1), state=state, ended_on=date(2026, 1, 1),
            barred_until=until,
        )  # fmt: skip
        db.session.add(holder)
    is_placed(build, person, 3)
    learner = build.person()
    add_pair(build, person, learner, starts_on=date(2022, 3, 1), state=MentorshipState.ACCEPTED)
    rows = (
        (EvidenceKind.PATENT, EvidenceSource.TYPED, None, None),
        (EvidenceKind.LEVEL, EvidenceSource.TYPED, 1, None),
        (EvidenceKind.HONOUR, EvidenceSource.REGISTER, None, honour.id),
        (EvidenceKind.CONTEST, EvidenceSource.TYPED, 1, None),
    )
    for kind, source, rank, honour_id in rows:
        evidence = SelectionEvidence(
            application_id=application.id, kind=kind, source=source, title="材料",
            happened_on=date(2025, 1, 1), level=HonourLevel.CITY, rank=rank, honour_id=honour_id,
        )  # fmt: skip
        db.session.add(evidence)
    db.session.commit()
    return application


def test_form_and_registers_come_together(build: Builder) -> None:
    story = SelectionStory(build)
    story.published()
    application = has_everything(story)
    found = facts.facts_for(application.id)
    code = story.round.programme.code
    assert found.birth_date == date(1990, 5, 17)
    assert found.answers == {"skill": "焊接", "years": "12"}
    assert (sorted(found.levels), found.typed_levels, found.level) == ([2, 3], (1,), 1)
    province = Borne(
        "浙江省技术能手", HonourLevel.PROVINCE, date(2024, 5, 1), HonourVia.SELECTION, code, "gold"
    )
    assert province in found.honours
    assert "撤销的" not in {one.title for one in found.honours}
    by_register, typed = found.placings
    assert (by_register.level, by_register.rank) == (HonourLevel.PROVINCE, 3)
    assert (by_register.on, by_register.verified) == (date(2025, 6, 1), True)
    assert typed == Placing(HonourLevel.CITY, 1, date(2025, 1, 1), "材料", False)
    assert [(one.passed, one.person_id > 0) for one in found.apprentices] == [(True, True)]
    assert isinstance(found.apprentices[0], Apprentice)
    assert found.tiers == (HeldTier(code, "silver", date(2024, 5, 1), "上林银匠"),)
    assert found.bars == (Bar(date(2030, 1, 1), story.round.programme.title),)
    assert Proof(EvidenceKind.PATENT, date(2025, 1, 1), HonourLevel.CITY, None, False, "材料") in (
        found.evidence
    )


def test_the_edition_that_carries_a_selection_is_no_contest(build: Builder) -> None:
    story = SelectionStory(build)
    story.published()
    application = has_everything(story)
    placed = facts.facts_for(application.id).placings
    assert len(placed) == 2
    row = db.session.scalars(db.select(Revision).where(Revision.number == 2)).one()
    story.round.contest_id = row.event.contest_id
    db.session.commit()
    assert len(facts.facts_for(application.id).placings) == 1


def test_many_applicants_take_as_many_statements_as_one(
    build: Builder, statements: Statements
) -> None:
    story = SelectionStory(build)
    story.published()
    ids = [has_everything(story).id]
    with statements() as one:
        facts.facts_of(ids)
    ids += [has_everything(story).id for _ in range(2)]
    with statements() as more:
        assert len(facts.facts_of(ids)) == 3
    assert len(more) == len(one) <= 10
