"""Rounds reviewed by ballot and in pairs, a draft proposal, lists that wait, a contest above."""

from datetime import date, timedelta

from flask import current_app
from sqlalchemy import select

from models.accounts import Account
from models.database import db
from models.people import Person
from models.selection_applications import SelectionApplication
from models.selection_holders import SelectionHolder
from models.selection_reviews import SelectionLine, SelectionProposal, SelectionReviewer
from models.selections import SelectionProgramme, SelectionRound
from rules.nomination_programmes import starting_rules
from rules.selection_rounds import RoundRules
from rules.selections import ApplicationState, Channel, RoundState
from services import (
    nominations,
    provincial,
    provincial_histories,
    provincial_slots,
    selection_holders_imports,
    selection_reviews_ballots,
    selections,
    selections_publishing,
)
from services.acting import Actor
from services.demo_nominations import TITLES
from services.demo_stages import Stage
from services.nominations import CallFacts
from services.selections import RoundFacts
from services.workbooks_writing import write_table
from tests.builders import Builder
from tests.provincial_story import HELD, RULES, ProvincialStory
from tests.selection_rows import is_given
from tests.services.test_provincial_histories import past, sheet

REVIEWERS = ("reviewer1", "reviewer2", "reviewer3")


def be_selected(stage: Stage) -> None:
    """Add what the demonstration of selections leaves out, so that each page has a way to it."""
    base = db.session.scalars(select(SelectionRound).where(SelectionRound.code.like("CXSXGR%")))
    model = base.one()
    ballot = _reviewed(stage, model, "ballot")
    own = [one.id for one in ballot]
    staff = stage.by("bureau", 0, 10)
    round_id = ballot[0].round_id
    first = selection_reviews_ballots.open_ballot(
        staff, round_id, tier="", places=1, application_ids=own
    )
    for name, chosen in zip(REVIEWERS, (own[0], own[0], own[1]), strict=True):
        selection_reviews_ballots.vote(_by(stage, name), first, [chosen])
    selection_reviews_ballots.count_ballot(staff, first)
    selection_reviews_ballots.open_ballot(
        staff, round_id, tier="", places=1, application_ids=own[1:]
    )
    _propose(stage, _reviewed(stage, model, "pairs"))
    _leave_lists(stage)
    _write_call(stage)
    _bear_a_title()
    _compete_above()


def _by(stage: Stage, name: str) -> Actor:
    return Actor(stage.accounts[name], stage.by("bureau", 0, 10).now)


def _reviewed(stage: Stage, model: SelectionRound, method: str) -> list[SelectionApplication]:
    """Put a round with four candidates and a pledged panel under review."""
    kept = selections.rules_of(model).model_dump()
    kept["review"] |= {"method": method, "surplus_percent": 20}
    kept["quotas"], kept["places"] = [], None
    year = stage.today.year
    facts = RoundFacts(f"CX{method.upper()}", year, f"{year}年{model.programme.title}（{method}）")
    rules = RoundRules.model_validate(kept)
    key = selections.create_round(stage.by("bureau", -44), model.programme_id, facts, rules)
    selections_publishing.publish(stage.by("bureau2", -42), key)
    now = stage.by("bureau", -8).now
    people = db.session.scalars(select(Person.id).order_by(Person.id.desc()).limit(4)).all()
    rows = [
        SelectionApplication(
            round_id=key, number=number, person_id=person, channel=Channel.PERSON, answers={},
            state=ApplicationState.QUALIFIED, begun_at=now, saved_at=now, submitted_at=now,
        )
        for number, person in enumerate(people, 1)
    ]  # fmt: skip
    db.session.add_all(rows)
    for number, name in enumerate(REVIEWERS, 1):
        seat = SelectionReviewer(
            round_id=key, account_id=stage.accounts[name], number=number, seated_at=now
        )
        seat.pledged_at = now
        db.session.add(seat)
    selections.get_round(key).state = RoundState.REVIEW
    db.session.commit()
    return rows


def _propose(stage: Stage, rows: list[SelectionApplication]) -> None:
    """Leave a draft of a proposal."""
    by = stage.by("bureau", -1)
    tier = selections.rules_of(selections.get_round(rows[0].round_id)).tiers[0].key
    row = SelectionProposal(
        round_id=rows[0].round_id, number=1, quotas=[], digest="0" * 64,
        made_at=by.now, made_by_id=by.account_id,
    )  # fmt: skip
    row.lines = [
        SelectionLine(application_id=one.id, position=place, rank=place,
                      tier=tier if place == 1 else "", reasons=[])
        for place, one in enumerate(rows, 1)
    ]  # fmt: skip
    db.session.add(row)
    db.session.commit()


def _leave_lists(stage: Stage) -> None:
    """Leave a list of holders and one of past contests that wait for a confirmation."""
    by = stage.by("bureau", 0, 9)
    programme = db.session.scalars(select(SelectionProgramme.id).order_by(SelectionProgramme.id))
    key = programme.first()
    assert key is not None
    year = stage.today.year - 5
    row = {
        "name": "匠一", "id_number": Builder().id_number(), "employer": "慈溪市第一精工有限公司",
        "title": "上林工匠", "year": year, "starts_on": f"{year}-11-01",
    }  # fmt: skip
    columns = selection_holders_imports.COLUMNS
    file = write_table(columns, [row], "历年称号人员")
    read = selection_holders_imports.read_upload(file, "名单.xlsx", key, by.today)
    selection_holders_imports.preview(by, key, read)
    provincial_histories.preview_history(by, sheet([*past(2022, 3, 1, 2, 1, 1)]), "省赛.xlsx")


def _write_call(stage: Stage) -> None:
    """Leave a superior's call that nobody has opened yet."""
    start = next(iter(TITLES))
    title, level = TITLES[start]
    day = stage.today
    facts = CallFacts(
        title=f"{day.year}年{title}（草案）", level=level, year=day.year, superior="省人社厅",
        document="浙人社函〔2026〕9号", own_until=day + timedelta(25),
        superior_until=day + timedelta(50), contact="0574-63000000",
    )  # fmt: skip
    nominations.write_call(stage.by("bureau", -1), facts, starting_rules(start, day))


def _bear_a_title() -> None:
    """Let the winner of the demonstration bear a title, with a report to write."""
    build = Builder()
    own = db.session.scalars(select(Account.person_id).where(Account.username == "winner")).one()
    person = db.session.get_one(Person, own)
    programme = db.session.scalars(select(SelectionProgramme).order_by(SelectionProgramme.id))
    honour = is_given(build, person, title="慈溪市首席工人", granted_on=date(2025, 3, 1))
    build._kept(
        SelectionHolder(
            programme_id=programme.first().id, honour_id=honour.id, person_id=person.id,
            tier="chief", year=2025, starts_on=date(2025, 3, 1), ends_on=date(2028, 2, 28),
        )
    )  # fmt: skip


def _compete_above() -> None:
    """Send somebody to a contest of the province, up to a result; another is being prepared."""
    folder = current_app.config["SETTINGS"].files_dir
    build = Builder()
    story = ProvincialStory(build)
    event = story.event()
    slot = story.candidate(event)
    story.candidate(event, build.person(name="周双"))
    story.trained(event)
    story.named(event)
    other = story.event("焊工")
    story.candidate(other)
    story.trained(other)
    story.named(other)
    story.sent(folder)
    story.result(story.slot(slot.id), rank=1, prize="一等奖")
    story.laid_out(folder)
    story.listed(("宁波市代表队", 3), ("慈溪市代表队", 1))
    coming = ProvincialStory(build, title="2027年浙江省技能大赛")
    event = coming.event()
    own = coming.candidate(event, coaches=(build.person(name="李教练"),))
    camp = coming.trained(event)
    coming.tested(camp, event, (own, 72), (own, 86))
    coming.led()
    provincial_slots.give_up(coming.by(), coming.candidate(event).id, reason="家中有事")
    _be_shown(build)


def _be_shown(build: Builder) -> None:
    """Show everybody what was won in a contest that was held."""
    story = ProvincialStory(
        build, RULES.model_copy(update={"training_days": 0}), title="2026年长三角技能大赛"
    )
    event = story.event()
    slot = story.candidate(event)
    story.named(event)
    story.sent(current_app.config["SETTINGS"].files_dir)
    story.result(story.slot(slot.id), rank=1, prize="一等奖")
    story.confirmed(story.slot(slot.id))
    provincial.show_publicly(story.by(HELD), story.id, True)
