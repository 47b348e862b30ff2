"""Pages of the judge pool, of relations, invitations, conflicts, drawn panels and recusals."""

import io
import re
from datetime import date
from typing import Any

from flask.testing import FlaskClient

from models.accounts import Account
from models.database import db
from models.judges import Judge, PanelDraw, Recusal, Relation
from rules.conflicts import ConflictKind
from rules.judges import SeatAnswer, SeatDuty
from services import judges, judges_relations, judges_workbooks, judging, panels, panels_answers
from services.acting import Actor
from services.judges import PoolFacts
from services.judges_relations import RelationFacts
from services.workbooks_writing import write_table
from tests.builders import Builder, sign_in
from tests.judging_rooms import open_room, seated_room, spare_scheme
from tests.typed import sent

SPARE = spare_scheme().model_dump(mode="json")


def _as(client: FlaskClient, account: Account) -> FlaskClient:
    return sign_in(client.application.test_client(), account)


def test_a_judge_is_added_edited_found_and_barred(client: FlaskClient, build: Builder) -> None:
    account = build.account("judge", title="周国强")
    browser = _as(client, build.account("organizer"))
    assert "裁判库为空" in browser.get("/judges").text
    page = browser.get("/judges/new").text
    typed = sent(page, account_id=str(account.id), grade="senior", occupations="焊工，电工")
    assert browser.post("/judges/new", data=typed | {"kinds": []}).status_code == 422
    assert browser.post("/judges/new", data=typed).status_code == 303
    (judge,) = db.session.scalars(db.select(Judge)).all()
    assert judge.occupations == ["焊工", "电工"]
    assert "周国强" in browser.get("/judges?q=周国强&kind=scoring&occupation=电工").text
    assert "没有符合条件" in browser.get("/judges?q=nobody").text
    url = f"/judges/{judge.id}/edit"
    page = browser.get(url).text
    barred = sent(page, barred_until="2026-10-01")
    refused = browser.post(url, data=barred)
    assert refused.status_code == 422 and "2026-10-01" in refused.text
    assert browser.post(url, data=barred | {"bar_reason": "泄露试题"}).status_code == 303
    shown = browser.get(f"/judges/{judge.id}").text
    assert "停任至2026-10-01" in shown and "泄露试题" in shown
    assert browser.post(url, data=sent(page, request_key="old")).status_code == 422
    assert "周国强" in browser.get("/judges?standing=barred").text


def test_an_organizer_of_another_contest_does_not_see_a_judge(
    client: FlaskClient, build: Builder, by: Actor
) -> None:
    here, there = build.contest(), build.contest()
    judge = build.account("judge", here.id)
    key = judges.add_judge(by, judge.id, PoolFacts(), None)
    browser = _as(client, build.account("organizer", there.id))
    assert browser.get(f"/judges/{key}").status_code == 404
    assert judge.username not in browser.get("/judges").text
    browser = _as(client, build.account("organizer", here.id))
    assert browser.get(f"/judges/{key}").status_code == 200


def test_a_judge_declares_and_ends_only_own_relations(client: FlaskClient, build: Builder) -> None:
    judge, other = build.account("judge"), build.account("judge")
    browser = _as(client, judge)
    page = browser.get("/relations").text
    assert "报名号" not in page  # numbers of entries are for officials
    typed = sent(page, kind="kin", name="李小龙", remark="表弟")
    assert browser.post("/relations", data=typed | {"name": ""}).status_code == 422
    assert browser.post("/relations", data=typed | {"about": "entry"}).status_code == 422
    assert browser.post("/relations", data=typed).status_code == 303
    assert "李小龙" in browser.get("/relations").text
    key = db.session.scalars(db.select(Relation.id)).one()
    stranger = _as(client, other)
    assert stranger.post(f"/relations/{key}/end", data={}).status_code == 404
    assert "李小龙" not in stranger.get("/relations").text
    assert _as(client, judge).post(f"/relations/{key}/end", data={}).status_code == 303
    assert db.session.scalars(db.select(Relation.ended_at)).one() is not None


def test_the_organizer_declares_and_says_who_is_meant(
    client: FlaskClient, build: Builder, by: Actor
) -> None:
    person = build.person(name="王小明")
    entry = build.entry(build.event(), person=person)
    account = build.account("judge")
    key = judges.add_judge(by, account.id, PoolFacts(), None)
    browser = _as(client, build.account("organizer"))
    url = f"/judges/{key}/relations"
    page = browser.get(f"/judges/{key}").text
    typed = sent(page, "relation-form", kind="coach", about="entry", name=entry.number)
    assert browser.post(url, data=typed | {"name": "9999-999"}).status_code == 422
    assert browser.post(url, data=typed).status_code == 303
    named = typed | {"about": "person", "name": "王小明", "request_key": "another"}
    assert browser.post(url, data=named).status_code == 303
    assert browser.get(url).status_code == 303
    page = browser.get(f"/judges/{key}").text
    (address,) = re.findall(r"/relations/\d+/person/\d+", page)
    assert browser.post(address, data={}).headers["Location"] == f"/judges/{key}"
    assert db.session.scalars(db.select(Relation.person_id)).all().count(person.id) == 1
    ended = re.search(r"/relations/\d+/end", page)
    assert ended is not None
    assert browser.post(ended[0], data={}).headers["Location"] == f"/judges/{key}"


def test_a_spreadsheet_is_previewed_and_taken(client: FlaskClient, build: Builder) -> None:
    account = build.account("judge")
    browser = _as(client, build.account("organizer"))
    assert browser.get("/judges/template").data.startswith(b"PK")

    def upload(*rows: dict[str, object]) -> Any:
        data = write_table(judges_workbooks.COLUMNS, rows, "裁判库")
        return browser.post("/judges/import", data={"file": (io.BytesIO(data), "a.xlsx")})

    assert browser.get("/judges/import").status_code == 200
    wrong = upload({"username": "nobody.here", "grade": "中级"})
    assert wrong.status_code == 422 and "nobody.here" in wrong.text
    until = date(2026, 12, 31)
    page = upload({"username": account.username, "barred_until": until, "bar_reason": "迟到"})
    assert page.status_code == 200
    payload = sent(page.text, "import/confirm")
    assert browser.post("/judges/import/confirm", data=payload).status_code == 303
    (judge,) = db.session.scalars(db.select(Judge)).all()
    assert (judge.barred_until, judge.bar_reason) == (until, "迟到")
    assert browser.post("/judges/import/confirm", data={"payload": "x"}).status_code == 303
    exported = browser.get("/judges/export?standing=barred")
    reading = judges_workbooks.read_judges(exported.data, "a.xlsx", None)
    assert [row.texts["username"] for row in reading.rows] == [account.username]
    broken = browser.post("/judges/import", data={"file": (io.BytesIO(b"x"), "a.xlsx")})
    assert broken.status_code == 422


def test_an_invitation_stands_on_the_desk_until_it_is_answered(
    client: FlaskClient, build: Builder, by: Actor
) -> None:
    event = build.event(scheme=SPARE)
    judge, other = build.account("judge"), build.account("judge")
    seat_id = panels.seat(by, event.id, "work", judge.id)
    browser = _as(client, judge)
    assert "执裁邀请待答复" in browser.get("/desk").text
    assert event.title in browser.get("/invitations").text
    url = f"/seats/{seat_id}/decline"
    assert browser.post(url, data={"reason": ""}).status_code == 422
    assert browser.post(f"/seats/{seat_id}/accept", data={}).status_code == 303
    assert "执裁邀请待答复" not in browser.get("/desk").text
    assert browser.get(url).status_code == 200
    assert browser.post(url, data={"reason": "出差在外"}).status_code == 303
    assert "出差在外" in browser.get("/invitations").text
    browser = _as(client, other)
    assert browser.post(f"/seats/{seat_id}/accept", data={}).status_code == 404
    assert "目前没有执裁邀请" in browser.get("/invitations").text
    assert (
        "出差在外" in _as(client, build.account("organizer")).get(f"/events/{event.id}/panel").text
    )


def test_the_organizer_seats_a_reserve_who_steps_in_on_one_click(
    client: FlaskClient, build: Builder
) -> None:
    room = seated_room(build)
    first = room.seats()[0]
    spare = build.account("judge", title="候补周")
    browser = _as(client, room.organizer)
    url = f"/events/{room.event_id}/panel"
    data = {"work-account_id": str(spare.id), "work-duty": "reserve"}
    assert browser.post(f"{url}/seats?part=work", data=data).status_code == 303
    panels_answers.answer_seat(room.by(first.account), first.id, False, "出差")
    page = browser.get(url).text
    assert "由候补周递补" in page
    assert browser.post(f"/seats/{first.id}/step-in", data={}).headers["Location"] == url
    db.session.expire_all()
    assert panels.get_seat(first.id).account_id == spare.id


def test_panels_are_drawn_with_a_protocol(client: FlaskClient, build: Builder) -> None:
    event = build.event(scheme=SPARE)
    drawn = [build.account("judge") for _ in range(3)]
    browser = _as(client, build.account("organizer"))
    url = f"/events/{event.id}/panel/draw"
    page = browser.get(url).text
    data = sent(page, seed="福彩 01")
    data.pop("pool_only")
    assert browser.post(url, data=data).status_code == 422
    assert browser.post(url, data=data | {"seed": "2026256 01 02 03"}).status_code == 303
    page = browser.get(url).text
    assert "2026256 01 02 03" in page and "复核：结果一致" in page
    assert all(one.title in page for one in drawn)
    row = db.session.scalars(db.select(PanelDraw)).one()
    chair, account_id = row.placed[0]
    row.placed = [[chair, 1 if account_id != 1 else 2], *row.placed[1:]]
    db.session.commit()
    assert "复核：结果不一致" in browser.get(url).text


def test_reasons_are_read_by_organizer_and_supervisor_only(
    client: FlaskClient, build: Builder, by: Actor
) -> None:
    rival = build.employer(title="利害关系机械厂")
    event = build.event(scheme=SPARE)
    build.entry(event, employer_id=rival.id)
    pupil = build.entry(event)
    judge = build.account("judge", employer_id=rival.id)
    facts = RelationFacts(ConflictKind.COACH, "entry", pupil.number)
    judges_relations.declare_relation(by, judge.id, facts)
    panels.seat(by, event.id, "work", judge.id)
    url = f"/events/{event.id}/conflicts"
    for role in ("organizer", "supervisor"):
        page = _as(client, build.account(role)).get(url).text
        assert rival.title in page and pupil.title in page and "指导教师" in page
    for role in ("chief_judge", "judge", "bureau_staff", "administrator"):
        assert _as(client, build.account(role)).get(url).status_code == 403
    page = _as(client, build.account("chief_judge")).get(f"/events/{event.id}/progress").text
    assert rival.title not in page


def test_the_chief_excuses_a_judge_and_reads_no_reasons_afterwards(
    client: FlaskClient, build: Builder
) -> None:
    room = open_room(build, scheme=spare_scheme())
    first = room.seats()[0]
    sheet = room.sheets(first.account)[0]
    browser = _as(client, room.chief)
    assert "裁判回避" in browser.get(f"/events/{room.event_id}/progress").text
    listed = f"/events/{room.event_id}/recusals"
    assert f"/seats/{first.id}/recuse" in browser.get(listed).text
    url = f"/seats/{first.id}/recuse"
    data = {"sheet_id": str(sheet.id), "reason": "认出了徒弟"}
    assert browser.post(url, data=data | {"reason": ""}).status_code == 422
    assert browser.post(url, data=data).headers["Location"] == listed
    page = browser.get(listed).text
    assert first.account.title in page and "认出了徒弟" not in page
    assert browser.get(f"/events/{room.event_id}/progress").status_code == 200
    assert db.session.scalars(db.select(Recusal.sheet_id)).one() == sheet.id
    conflicts = _as(client, build.account("supervisor")).get(f"/events/{room.event_id}/conflicts")
    assert "认出了徒弟" in conflicts.text
    own = _as(client, first.account).get(f"/sheets/{sheet.id}")
    assert "您已回避该作品" in own.text


def test_a_trainee_marks_and_nobody_waits_for_it(client: FlaskClient, build: Builder) -> None:
    room = seated_room(build, entries=1)
    trainee = build.account("judge")
    by = room.by(room.organizer)
    panels.seat(by, room.event_id, "work", trainee.id, duty=SeatDuty.TRAINEE)
    judging.open_scoring(room.by(room.chief), room.event_id)
    browser = _as(client, trainee)
    (sheet,) = room.sheets(trainee)
    assert browser.get(f"/sheets/{sheet.id}").status_code == 200
    assert browser.get("/sheets").status_code == 200
    page = _as(client, room.chief).get(f"/events/{room.event_id}/progress").text
    assert trainee.title not in page
    assert panels.get_seat(sheet.seat_id).answer is SeatAnswer.ASKED


def test_the_pages_of_an_event_s_panel_cost_the_same_whatever_their_size(
    client: FlaskClient, build: Builder, by: Actor, statements: Any
) -> None:
    counts: list[list[int]] = []
    organizer = build.account("organizer")
    for size in (1, 3):
        event = build.event(scheme=SPARE)
        for _ in range(size):
            employer = build.employer()
            build.entry(event, employer_id=employer.id)
            judge = build.account("judge", employer_id=employer.id)
            panels.seat(by, event.id, "work", judge.id)
            panels.seat(by, event.id, "work", build.account("judge").id, duty=SeatDuty.RESERVE)
        browser = _as(client, organizer)
        counts.append([])
        for page in ("panel", "panel/draw", "conflicts"):
            with statements() as seen:
                assert browser.get(f"/events/{event.id}/{page}").status_code == 200
            counts[-1].append(len(seen))
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 20
