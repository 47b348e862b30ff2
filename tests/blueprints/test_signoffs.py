"""Pages of the sign-off: the chain, the printout, the spot check, the reopening, who moved."""

import subprocess
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.accounts import Account
from models.database import db
from models.entries import Entry
from models.signoffs import Reopening, SpotCheck, SpotCheckItem
from rules.sampling import Finding
from rules.signoffs import Step
from rules.states import ReopeningState
from services import judging, marks, results, signoffs
from services.marks import Typed
from services.signoffs_sheets import read_sheets
from tests.builders import Builder, sign_in
from tests.signoff_rooms import NO_CHECK, SignoffRoom

WIDE = ("95", "80", "65", "50")
LEAVE_RISK: dict[str, Any] = {"check_risk_percent": 100}


@pytest.fixture
def room(build: Builder) -> SignoffRoom:
    return SignoffRoom(build, 4, **LEAVE_RISK)


def followed(client: FlaskClient, url: str, **data: str) -> TestResponse:
    return client.get(client.post(url, data=data).headers["Location"])


def as_(client: FlaskClient, account: Account) -> FlaskClient:
    client.post("/sign-out")
    sign_in(client, account)
    return client


def state_of(room: SignoffRoom) -> str:
    return room.room.event.state.value


def text_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    return "".join(done.stdout.decode().split())


def test_the_page_draws_the_chain_and_names_whom_it_waits_for(
    client: FlaskClient, room: SignoffRoom
) -> None:
    url = f"/events/{room.event_id}/signoff"
    page = as_(client, room.chief).get(url).text
    for judge in room.judges:
        assert judge.title in page
    assert page.count("step-current") == 1 and page.count("step-todo") == 4


def test_each_signs_in_turn_through_the_pages(client: FlaskClient, room: SignoffRoom) -> None:
    url = f"/events/{room.event_id}/signoff"
    room.mark(*WIDE)
    seat = room.seat()
    followed(as_(client, room.chief), f"/seats/{seat.id}/leader")
    assert f'name="digest" value="{room.digest(Step.GROUP, "work")}"' in (
        as_(client, seat.account).get(url).text
    )
    sent = {"step": "group", "part": "work", "digest": room.digest(Step.GROUP, "work")}
    client.post(f"{url}/confirm", data=sent)
    sent = {"step": "clerk", "part": "", "digest": room.digest(Step.CLERK)}
    as_(client, room.clerk).post(f"{url}/confirm", data=sent)
    found = signoffs.read_chain(room.room.event)
    assert found.next_step() is Step.CHIEF
    history = client.get(url).text
    assert seat.account.title in history and room.clerk.title in history


def test_a_stale_page_is_told_so(client: FlaskClient, room: SignoffRoom) -> None:
    room.mark(*WIDE)
    head = room.lead()
    url = f"/events/{room.event_id}/signoff/confirm"
    sent = {"step": "group", "part": "work", "digest": "0" * 64}
    page = followed(as_(client, head), url, **sent).text
    assert "tone-bad" in page and signoffs.read_chain(room.room.event).next_step() is Step.GROUP


@pytest.mark.parametrize("step", ["nix", "judge"])
def test_unknown_steps_are_not_there(client: FlaskClient, room: SignoffRoom, step: str) -> None:
    as_(client, room.chief)
    url = f"/events/{room.event_id}/signoff"
    assert client.post(f"{url}/confirm", data={"step": "nix"}).status_code == 404
    sent = client.post(f"{url}/{step}/back", data={"reason": "x"})
    assert sent.status_code == (404 if step == "nix" else 422)


def test_a_step_is_sent_back_with_a_reason(client: FlaskClient, room: SignoffRoom) -> None:
    room.mark(*WIDE)
    head = room.lead()
    url = f"/events/{room.event_id}/signoff/group/back?of=work"
    code = read_sheets(room.event_id)[0].code
    typed = {"of": "work", "part": "work", "codes": code, "number": "1", "reason": ""}
    refused = as_(client, head).post(url, data=typed)
    assert refused.status_code == 422 and code in refused.text
    done = client.post(url, data=typed | {"reason": "漏项"})
    assert done.status_code == 303
    assert signoffs.read_chain(room.room.event).next_step() is Step.JUDGE
    assert "漏项" in client.get(done.headers["Location"]).text


def test_a_judge_of_another_event_sees_no_chain(
    client: FlaskClient, room: SignoffRoom, build: Builder
) -> None:
    as_(client, build.account("judge"))
    for page in ("", "/printout", "/group/back"):
        assert client.get(f"/events/{room.event_id}/signoff{page}").status_code == 404
    assert client.get("/sign-off").status_code == 200


def test_the_list_shows_what_waits_for_the_reader(client: FlaskClient, room: SignoffRoom) -> None:
    room.mark(*WIDE)
    room.confirm(room.lead(), Step.GROUP, "work")
    event = room.room.event
    page = as_(client, room.clerk).get("/sign-off").text
    assert event.title in page and "tone-warn" in page
    assert event.title in as_(client, room.judges[0]).get("/sign-off").text


def test_a_judge_prints_nothing_and_a_head_his_own_part(
    client: FlaskClient, room: SignoffRoom
) -> None:
    room.mark(*WIDE)
    url = f"/events/{room.event_id}/signoff/printout"
    head = room.lead()
    other = next(judge for judge in room.judges if judge.id != head.id)
    assert "<table" not in as_(client, other).get(url).text
    assert as_(client, head).get(url).text.count("<strong>95</strong>") == 2
    page = as_(client, room.clerk).get(url).text
    assert room.digest(Step.CLERK)[:16] in page


def test_the_pages_of_the_chain_tell_no_name_of_an_entry(
    client: FlaskClient, room: SignoffRoom
) -> None:
    room.confirmed(*WIDE)
    as_(client, room.supervisor)
    fixed = f"/events/{room.event_id}/spot-check"
    client.post(fixed)
    check_id = db.session.scalars(db.select(SpotCheck.id)).one()
    client.post(f"/spot-checks/{check_id}/draw", data={"figures": "123456"})
    item = db.session.scalars(db.select(SpotCheckItem)).first()
    assert item is not None
    titles = {entry.title for entry in _entries(room)}
    pages = (
        f"/events/{room.event_id}/signoff",
        f"/events/{room.event_id}/signoff/printout",
        fixed,
        f"/check-items/{item.id}",
    )
    for url in pages:
        reply = client.get(url)
        assert reply.status_code == 200, url
        assert not any(title in reply.text for title in titles), url
    letter = client.get(f"/spot-checks/{item.check_id}/letter")
    assert not any(title in text_of(letter.data) for title in titles)


def _entries(room: SignoffRoom) -> list[Entry]:
    return list(db.session.scalars(db.select(Entry).where(Entry.event_id == room.event_id)))


def test_a_supervisor_compares_sheet_by_sheet(client: FlaskClient, room: SignoffRoom) -> None:
    room.confirmed(*WIDE)
    url = f"/events/{room.event_id}/spot-check"
    as_(client, room.supervisor)
    assert client.post(url).status_code == 303
    check = db.session.scalars(db.select(SpotCheck)).one()
    assert check.digest in client.get(url).text
    assert client.post(f"/spot-checks/{check.id}/draw", data={"figures": "1"}).status_code == 422
    assert (
        client.post(f"/spot-checks/{check.id}/draw", data={"figures": "123456"}).status_code == 303
    )
    items = db.session.scalars(db.select(SpotCheckItem).order_by(SpotCheckItem.id)).all()
    first = f"/check-items/{items[0].id}"
    assert client.post(first, data={"line-A1": "1"}).status_code == 422
    same = client.post(first, data={"finding": "wrong", "line-A1": _paper(client, first)})
    assert same.status_code == 422
    done = client.post(first, data={"finding": "wrong", "line-A1": "7", "remark": "看错一位"})
    assert done.status_code == 303 and "/check-items/" in done.headers["Location"]
    db.session.expire_all()
    assert db.session.get_one(SpotCheckItem, items[0].id).finding is Finding.WRONG
    assert 'value="7"' in client.get(first).text
    letter = client.get(f"/spot-checks/{check.id}/letter")
    assert letter.mimetype == "application/pdf"
    said = text_of(letter.data)
    assert "看错一位" in said and check.seed in said and "全部评分表须逐份复核" in said
    listed = client.get(f"{url}?show=wrong").text
    assert listed.count("/check-items/") == 1
    assert as_(client, room.chief).get(url).status_code == 200
    assert client.get(first).status_code == 403


def _paper(client: FlaskClient, url: str) -> str:
    return client.get(url).text.split('name="line-A1" value="')[1].split('"')[0]


def test_a_letter_waits_for_the_draw(client: FlaskClient, room: SignoffRoom) -> None:
    room.confirmed(*WIDE)
    as_(client, room.supervisor).post(f"/events/{room.event_id}/spot-check")
    check = db.session.scalars(db.select(SpotCheck)).one()
    reply = client.get(f"/spot-checks/{check.id}/letter")
    assert reply.status_code == 303


def test_two_people_open_marks_again(client: FlaskClient, build: Builder) -> None:
    room = SignoffRoom(build, 4, reopening_people=2, **NO_CHECK)
    room.confirmed(*WIDE)
    url = f"/events/{room.event_id}/reopenings"
    direct = as_(client, room.chief).get(f"/events/{room.event_id}/reopen")
    assert direct.headers["Location"].endswith(url)
    assert client.post(url, data={"reason": ""}).status_code == 422
    assert client.post(url, data={"reason": "加分算错"}).status_code == 303
    row = db.session.scalars(db.select(Reopening)).one()
    client.post(f"/reopenings/{row.id}/agree")
    assert state_of(room) == "review"
    as_(client, room.supervisor)
    assert "加分算错" in client.get(url).text
    client.post(f"/reopenings/{row.id}/agree")
    assert state_of(room) == "scoring"
    db.session.expire_all()
    assert row.state is ReopeningState.AGREED and row.answered_by_id == room.supervisor.id


def test_a_proposal_is_declined_with_a_reason(client: FlaskClient, build: Builder) -> None:
    room = SignoffRoom(build, 4, reopening_people=2, **NO_CHECK)
    room.confirmed(*WIDE)
    url = f"/events/{room.event_id}/reopenings"
    as_(client, room.chief).post(url, data={"reason": "加分算错"})
    row = db.session.scalars(db.select(Reopening)).one()
    as_(client, room.supervisor)
    assert client.post(f"/reopenings/{row.id}/decline", data={"reason": ""}).status_code == 422
    assert (
        client.post(f"/reopenings/{row.id}/decline", data={"reason": "依据不足"}).status_code == 303
    )
    assert "依据不足" in client.get(url).text
    assert state_of(room) == "review"


def corrected(room: SignoffRoom) -> list[int]:
    """Compute and sign, open again, raise the last work over the first, compute and sign anew."""
    room.confirmed(*WIDE)
    found = []
    for turn in (1, 2):
        if turn == 2:
            judging.reopen(room.by(room.chief), room.event_id, "漏加一项")
            for judge in room.judges:
                sheet = room.room.sheets(judge)[3]
                judging.reopen_sheet(room.by(room.chief), sheet.id, "漏加一项")
                typed = Typed(sheet.id, "A1", "99", sheet.marks[0].version)
                marks.sign_sheet(room.by(judge), sheet.id, [typed])
            room.confirm(room.seat().account, Step.GROUP, "work")
            room.confirm(room.clerk, Step.CLERK)
            judging.confirm(room.by(room.chief), room.event_id)
        room.confirm(room.supervisor, Step.SUPERVISOR)
        revision_id = results.compute(room.by(room.room.organizer), room.event_id)
        found.append(results.sign(room.by(room.supervisor), revision_id))
    return found


def test_a_new_revision_lists_who_moved_and_makes_their_letters(
    client: FlaskClient, build: Builder
) -> None:
    room = SignoffRoom(build, 4, **NO_CHECK)
    _old, new = corrected(room)
    as_(client, room.supervisor)
    page = client.get(f"/revisions/{new}/changes").text
    assert page.count("<tr><td") == 4 and "漏加一项" in page
    assert "↑3" in page and page.count("↓1") == 3
    assert f"/revisions/{new}/changes" in client.get(f"/revisions/{new}").text
    letters = client.get(f"/revisions/{new}/letters")
    said = text_of(letters.data)
    assert said.count("成绩更正通知") == 4
    assert "第4名" in said and "一等奖" in said and "漏加一项" in said


def test_a_first_revision_has_nothing_to_compare_with(client: FlaskClient, build: Builder) -> None:
    room = SignoffRoom(build, 4, **NO_CHECK)
    old, new = corrected(room)
    as_(client, room.supervisor)
    assert client.get(f"/revisions/{old}/changes").status_code == 200
    assert client.get(f"/revisions/{old}/letters").status_code == 404
    assert client.get(f"/revisions/{new}/changes?base={new}").status_code == 404
    assert client.get(f"/revisions/{old}/changes?base={new}").status_code == 200


def test_pages_ask_the_same_number_of_questions_for_more_rows(
    client: FlaskClient, build: Builder, statements: Any
) -> None:
    counts = []
    for count in (2, 4):
        room = SignoffRoom(build, count, **LEAVE_RISK)
        room.confirmed(*WIDE[:count])
        as_(client, room.supervisor)
        client.post(f"/events/{room.event_id}/spot-check")
        check = db.session.scalars(
            db.select(SpotCheck).where(SpotCheck.event_id == room.event_id)
        ).one()
        client.post(f"/spot-checks/{check.id}/draw", data={"figures": "123456"})
        item = db.session.scalars(
            db.select(SpotCheckItem).where(SpotCheckItem.check_id == check.id)
        ).first()
        assert item is not None
        pages = (
            f"/events/{room.event_id}/signoff",
            f"/events/{room.event_id}/signoff/printout",
            f"/events/{room.event_id}/signoff/supervisor/back",
            f"/events/{room.event_id}/spot-check",
            f"/events/{room.event_id}/reopenings",
            f"/check-items/{item.id}",
        )
        asked = {}
        for url in pages:
            with statements() as seen:
                assert client.get(url).status_code == 200
            asked[url.split("/", 3)[-1]] = len(seen)
        counts.append(list(asked.values()))
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 20, counts


def test_progress_offers_no_confirmation_before_the_steps_below_it_are_signed(
    client: FlaskClient, room: SignoffRoom
) -> None:
    room.mark(*WIDE)
    head, url = room.lead(), f"/events/{room.event_id}/progress"
    as_(client, room.chief)
    page = client.get(url).text
    assert 'id="confirm-marks"' not in page
    assert "裁判组尚未签字" in page and "查看成绩签认" in page
    room.confirm(head, Step.GROUP, "work")
    assert 'id="confirm-marks"' not in client.get(url).text
    room.confirm(room.clerk, Step.CLERK)
    assert 'id="confirm-marks"' in client.get(url).text
