"""Money and certificates are refused where they are not due: by the services and by the pages.

A table over everything that is made from results (certificates, level lists, honours, payments) and
every situation in which a result is not final, or a person is held back. The control is a final
result with nobody held: there the same acts give everybody what is due.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.awards import AwardShare, LevelGrant
from models.certificates import Certificate
from models.database import db
from models.honours import Honour
from models.judging import Mark, Sheet
from models.levels import LevelLine, LevelList
from models.payouts import PayoutClaim, PayoutLine
from models.people import Person
from rules.objections import Channel, Filing
from rules.refusals import Refused
from rules.states import EventState, HonourState, LevelListState
from services import (
    appeals,
    awards_workbooks,
    certificates,
    honours,
    levels,
    levels_export,
    notices,
    objections,
    payouts,
)
from services.acting import Actor
from services.appeals import Ending
from tests.builders import Builder, sign_in, work_of
from tests.issuing_story import press_on
from tests.payout_story import PayoutStory
from tests.results_story import AFTER, NOW, Story
from tests.services.test_appeals import filing
from tests.services.test_levels import BODY, WORDS

IN_NOTICE = NOW + timedelta(days=2)
FACTS = "该选手参赛时已经离开原单位，请核实其参赛资格。"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Made:
    """An act that makes something from results: how it is done, and who has it afterwards."""

    act: Callable[[Actor, Story], Any]
    address: str
    holders: Callable[[Any], set[int]]
    refused: str
    data: Callable[[str], dict[str, Any]] = lambda page: {}
    role: str = "bureau_staff"


def _certified(_reply: Any) -> set[int]:
    return set(db.session.scalars(select(Certificate.person_id)))


def _listed(_reply: Any) -> set[int]:
    query = select(LevelLine.person_id).join(LevelList)
    return set(db.session.scalars(query.where(LevelList.state != LevelListState.WITHDRAWN)))


def _honoured(_reply: Any) -> set[int]:
    query = select(Honour.person_id).where(Honour.state == HonourState.STANDING)
    return set(db.session.scalars(query))


def _paid(file: Any) -> set[int]:
    """Return whose identity numbers stand in a workbook of payments, if there is one."""
    if not isinstance(file, bytes) or not file.startswith(b"PK"):
        return set()
    rows = openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].values
    written = {str(cell) for row in rows for cell in row}
    people = db.session.execute(select(Person.id, Person.id_number))
    return {key for key, number in people if number in written}


def _ordered(_reply: Any) -> set[int]:
    query = select(PayoutClaim.person_id).join(PayoutLine, PayoutLine.claim_id == PayoutClaim.id)
    return set(db.session.scalars(query))


MADE = {
    "certificates": Made(
        lambda by, story: certificates.issue(by, story.contest.id),
        "/contests/{contest}/certificates/runs",
        _certified,
        "没有待签发的证书",
    ),
    "level list": Made(
        lambda by, story: levels.prepare(by, story.contest.id, body=BODY),
        "/contests/{contest}/level-lists",
        _listed,
        "没有待列入名册的技能等级",
        lambda page: {"body": BODY, "note": ""},
    ),
    "honours": Made(
        lambda by, story: honours.bring_up(by, story.contest.id),
        "/contests/{contest}/honours",
        _honoured,
        "最终成绩中的荣誉均已登入台账",
    ),
    "payments": Made(
        lambda by, story: awards_workbooks.export_payments(by, None, story.contest.id, str),
        "/payments/export?contest={contest}",
        _paid,
        "暂无待发奖金",
    ),
    "payment order": Made(
        lambda by, story: payouts.prepare(by, story.contest.id),
        "/contests/{contest}/payouts/new",
        _ordered,
        "目前没有可编入的奖金",
        lambda page: {"note": "", "share": re.findall(r'name="share" value="(\d+)"', page)},
        "payer",
    ),
}


def draft(story: Story) -> None:
    story.computed()


def signed(story: Story) -> None:
    story.signed()


def standing(story: Story) -> None:
    story.posted()


def ended(story: Story) -> None:
    """The last day of the notice is over, and nobody has closed it."""
    story.posted()


def withdrawn(story: Story) -> None:
    notices.withdraw(story.actor("bureau_staff"), story.posted(), reason="名单有误")


def superseded(story: Story) -> None:
    """The signed result is replaced by a draft."""
    story.signed()
    story.event.state = EventState.REVIEW
    db.session.commit()
    story.computed()


def superseded_after_the_end(story: Story) -> None:
    """A final result is opened again and computed anew; nothing was made from it."""
    story.final()
    for row in db.session.scalars(select(Honour)):
        db.session.delete(row)
    story.event.state = EventState.REVIEW
    db.session.commit()
    story.computed()


# Before which moment nothing may be made at all, and when somebody tries.
NOT_FINAL = {
    "draft": (draft, AFTER),
    "signed, no notice": (signed, AFTER),
    "notice standing": (standing, IN_NOTICE),
    "notice over, not closed": (ended, AFTER),
    "notice withdrawn": (withdrawn, AFTER),
    "superseded": (superseded, AFTER),
    "superseded after the end": (superseded_after_the_end, AFTER),
}


def final(story: Story) -> None:
    story.final()


def objected(story: Story) -> None:
    """Somebody objects to the second one while the notice stands; then it is closed."""
    notice = story.posted()
    entry = second(story).entry_id
    said = Filing("王建国", "13800001111", FACTS, entry_id=entry)
    objections.file_objection(Actor(None, NOW), notice, said)
    notices.close(story.actor("bureau_staff", AFTER), notice)


def objected_on_paper(story: Story) -> None:
    """A letter that came in time is recorded only after the notice was closed."""
    notice = story.posted()
    notices.close(story.actor("bureau_staff", AFTER), notice)
    said = Filing("王建国", "13800001111", FACTS, entry_id=second(story).entry_id)
    by = story.actor("bureau_staff", AFTER)
    objections.record_objection(by, notice, said, Channel.LETTER, IN_NOTICE)
    db.session.execute(db.delete(Honour).where(Honour.entry_id == second(story).entry_id))
    db.session.commit()


def appealed(story: Story) -> None:
    """An appeal about the second one is open when the results become final."""
    appeals.end_event(story.actor("organizer"), story.event.id, Ending(ended_at=NOW))
    notice = story.posted()
    appeals.file_appeal(story.actor("organizer"), second(story).entry_id, filing())
    notices.close(story.actor("bureau_staff", AFTER), notice)


HELD = {
    "nobody held": (final, False),
    "objection": (objected, True),
    "objection on paper": (objected_on_paper, True),
    "appeal": (appealed, True),
}


def second(story: Story) -> LevelGrant:
    """Return the grant of the one who is held back in the stories."""
    query = select(LevelGrant).order_by(LevelGrant.id)
    return db.session.scalars(query).all()[1]


@pytest.fixture
def story(build: Builder) -> PayoutStory:
    """An event with three who passed and have prizes."""
    found = PayoutStory(build)
    found.bank(*found.field(["95", "85", "75"]))
    return found


def everybody() -> set[int]:
    return set(db.session.scalars(select(Person.id)))


@pytest.mark.parametrize("situation", list(NOT_FINAL))
def test_services_make_nothing_before_a_result_is_final(story: Story, situation: str) -> None:
    bring, now = NOT_FINAL[situation]
    bring(story)
    by = story.actor("bureau_staff", now)
    for name, made in MADE.items():
        with pytest.raises(Refused):
            made.act(by, story)
        assert made.holders(None) == set(), name


@pytest.mark.parametrize("situation", list(NOT_FINAL))
def test_pages_make_nothing_before_a_result_is_final(
    client: FlaskClient, clock: Any, story: Story, situation: str
) -> None:
    bring, now = NOT_FINAL[situation]
    bring(story)
    clock.now = now
    browsers = browsers_of(client, story)
    for name, made in MADE.items():
        told, file = press(browsers[made.role], story, made)
        assert made.refused in told, name
        assert made.holders(file) == set(), name


def browsers_of(client: FlaskClient, story: Story) -> dict[str, FlaskClient]:
    """Sign in everybody who makes something."""
    app = client.application
    roles = {made.role for made in MADE.values()}
    return {role: sign_in(app.test_client(), story.account(role)) for role in roles}


def press(client: FlaskClient, story: Story, made: Made) -> tuple[str, bytes]:
    """Fill and send a form; return what the page says then, and the file that comes, if any."""
    address = made.address.format(contest=story.contest.id)
    shown = client.get(address)
    page = shown.text if shown.status_code == 200 else ""
    reply = client.post(address, data=made.data(page))
    if reply.mimetype == XLSX:
        return "", reply.data
    assert reply.status_code in {303, 422}
    after = client.get(reply.headers["Location"]) if reply.status_code == 303 else reply
    return after.text, b""


@pytest.mark.parametrize("situation", [*NOT_FINAL, *(one for one in HELD if HELD[one][1])])
def test_a_payer_who_names_a_share_that_is_not_due_is_refused(
    client: FlaskClient, clock: Any, story: PayoutStory, situation: str
) -> None:
    """The page does not offer it; a made-up request is refused all the same."""
    bring, now = NOT_FINAL[situation] if situation in NOT_FINAL else (HELD[situation][0], AFTER)
    bring(story)
    clock.now = now
    sign_in(client, story.account("payer"))
    query = select(AwardShare.id).where(AwardShare.person_id == second(story).person_id)
    share = db.session.scalars(query).first()
    with pytest.raises(Refused):
        payouts.prepare(story.payer, story.contest.id, shares=[share or 0])
    address = f"/contests/{story.contest.id}/payouts/new"
    reply = client.post(address, data={"note": "", "share": str(share)})
    assert reply.status_code == 422 and _ordered(None) == set()


@pytest.mark.parametrize("situation", list(HELD))
@pytest.mark.parametrize("name", list(MADE))
def test_services_pass_over_who_is_held_back_and_nobody_else(
    story: Story, situation: str, name: str
) -> None:
    bring, held = HELD[situation]
    bring(story)
    made, by = MADE[name], story.actor("bureau_staff", AFTER)
    outcome = None
    if name != "honours":  # closing the notice has brought these up
        outcome = made.act(by, story)
    left_out = {second(story).person_id} if held else set()
    assert made.holders(outcome) == everybody() - left_out
    if name != "payments":
        with pytest.raises(Refused):
            made.act(by, story)


@pytest.mark.parametrize("situation", list(HELD))
def test_pages_pass_over_who_is_held_back_and_nobody_else(
    client: FlaskClient, clock: Any, story: Story, situation: str
) -> None:
    bring, held = HELD[situation]
    bring(story)
    clock.now = AFTER
    browsers = browsers_of(client, story)
    left_out = {second(story).person_id} if held else set()
    for name, made in MADE.items():
        _, file = press(browsers[made.role], story, made)
        if made is MADE["certificates"]:
            press_on(browsers[made.role])  # what was pressed only began a run
        assert made.holders(file) == everybody() - left_out, name


def approved(story: Story) -> int:
    """Return a level list of a final event that waits for its export."""
    by = story.actor("bureau_staff", AFTER)
    key = levels.prepare(by, story.contest.id, body=BODY)
    levels.submit(by, key)
    return levels.approve(story.actor("bureau_staff", AFTER), key)


def replace_results(story: Story) -> None:
    story.event.state = EventState.REVIEW
    row = db.session.scalars(select(Mark).join(Sheet).where(Sheet.work_id == work(story))).first()
    assert row is not None
    row.value -= 1
    db.session.commit()
    story.computed()


def work(story: Story) -> int:
    return work_of(second(story).entry).id


def appeal_late(story: Story) -> None:
    appeals.end_event(story.actor("organizer"), story.event.id, Ending(ended_at=NOW))
    appeals.file_appeal(story.actor("organizer"), second(story).entry_id, filing())


def object_late(story: Story) -> None:
    said = Filing("王建国", "13800001111", FACTS, entry_id=second(story).entry_id)
    by = story.actor("bureau_staff", AFTER)
    key = db.session.scalars(db.select(notices.Notice.id)).one()
    objections.record_objection(by, key, said, Channel.LETTER, IN_NOTICE)


LATE: dict[str, tuple[Callable[[Story], None] | None, str]] = {
    "nothing": (None, ""),
    "superseded": (replace_results, "已被替代"),
    "appeal": (appeal_late, "申诉或异议"),
    "objection": (object_late, "申诉或异议"),
}


@pytest.mark.parametrize("late", list(LATE))
def test_an_approved_level_list_does_not_leave_once_something_stands_against_it(
    client: FlaskClient, clock: Any, story: Story, late: str
) -> None:
    story.final()
    key = approved(story)
    happen, told = LATE[late]
    if happen is not None:
        happen(story)
        with pytest.raises(Refused):
            levels_export.export(story.actor("bureau_staff", AFTER), key, None, WORDS)
    clock.now = AFTER
    sign_in(client, story.account("bureau_staff"))
    reply = client.post(f"/level-lists/{key}/export")
    if happen is None:
        assert len(_paid(reply.data)) == 3  # the same reading: whose numbers stand in the file
        return
    assert reply.status_code == 303
    assert told in client.get(reply.headers["Location"]).text
    assert levels.get_list(key).state is LevelListState.APPROVED


def test_a_revoked_certificate_is_not_issued_anew_while_something_stands_against_it(
    story: Story,
) -> None:
    story.issued()
    by = story.actor("bureau_staff", AFTER)
    owner = second(story).person_id
    found = db.session.scalars(select(Certificate).filter_by(person_id=owner)).one()
    certificates.revoke(by, found.id, reason="姓名有误")
    object_late(story)
    with pytest.raises(Refused):
        certificates.reissue(by, found.id)
