"""The superior's side: a file of entries is looked at, taken over, replaced, undone."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask.testing import FlaskClient
from sqlalchemy import select

from models.database import db
from models.entries import Entry
from models.provincial_delegations import ProvincialIntake
from rules import provincial_exchange as exchange
from rules.provincial import EntrantStatus, EventFormat
from rules.states import EntryState, EventState
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.provincial_story import NOW
from tests.results_story import Story

Statements = Callable[[], AbstractContextManager[list[str]]]
CITY = "慈溪市代表队"


def entry(build: Builder, name: str, n: int, event: str = "钳工") -> exchange.ExchangeEntry:
    """An entry of one person."""
    person = exchange.ExchangePerson(
        name=name, id_kind="resident", id_number=build.id_number(), phone="13912345678"
    )
    return exchange.ExchangeEntry(
        reference=f"ZJ26-{n:06d}", event_code="01", event=event, format=EventFormat.SINGLE,
        status=EntrantStatus.STAFF, employer="慈溪市第一精工有限公司", members=(person,),
    )  # fmt: skip


def file_of(*entries: exchange.ExchangeEntry, form: int = 1) -> dict[str, object]:
    """What is uploaded."""
    content = exchange.EntriesFile(
        contest_code="ZJ26", contest="省赛", delegation=CITY, form=form, form_digest="0" * 64,
        entries=entries,
    )  # fmt: skip
    return {"file": (io.BytesIO(exchange.written(content)), "entries.json")}


def states() -> list[EntryState]:
    """The states of all entries."""
    db.session.expire_all()
    return list(db.session.scalars(select(Entry.state).order_by(Entry.id)))


def test_a_file_is_taken_over_replaced_and_undone(
    client: FlaskClient, build: Builder, clock: Clock, statements: Statements
) -> None:
    clock.now = NOW
    story = Story(build)
    story.event.title, story.event.state = "钳工", EventState.REGISTERING
    db.session.commit()
    page = f"/contests/{story.contest.id}/delegations"
    sign_in(client, build.account("organizer"))
    assert "尚无代表队" in client.get(page).text
    first, second = (entry(build, name, n) for n, name in enumerate(("陈一凡", "王双"), 1))
    wrong = entry(build, "赵花", 3, "花艺")
    bad = {"file": (io.BytesIO(b"{}"), "x.json")}
    assert client.post(page, data=bad).status_code == 422
    reply = client.post(page, data=file_of(first, second, wrong))
    assert reply.status_code == 303
    there = reply.headers["Location"]
    with statements() as asked:
        shown = client.get(there).text
    assert len(asked) <= 20
    assert "本竞赛没有该名称的赛项" in shown and first.members[0].id_number not in shown
    assert states() == []
    assert client.post(f"{there}/take").status_code == 303
    assert states() == [EntryState.ACCEPTED] * 2
    assert client.post(f"{there}/undo", data={"reason": ""}).status_code == 422
    later = client.post(page, data=file_of(first, form=2)).headers["Location"]
    assert "王双" in client.get(later).text
    client.post(f"{later}/take")
    assert states() == [EntryState.ACCEPTED, EntryState.WITHDRAWN]
    old = client.post(page, data=file_of(first, second, entry(build, "孙四", 4))).headers[
        "Location"
    ]
    client.post(f"{old}/take")
    assert "第2号报名表已接收" in client.get(old).text, "an older form changes nothing"
    assert len(states()) == 2
    client.post(f"{old}/discard")
    assert "内容已清除" in client.get(old).text
    client.post(f"{later}/undo", data={"reason": "误撤"})
    assert states() == [EntryState.ACCEPTED] * 2
    story.event.state = EventState.DRAWN
    db.session.commit()
    refused = client.post(f"{there}/undo", data={"reason": "重报"})
    assert refused.status_code == 422 and "已抽签" in refused.text
    story.event.state = EventState.REGISTERING
    db.session.commit()
    assert client.post(f"{there}/undo", data={"reason": "重报"}).status_code == 303
    assert states() == [EntryState.WITHDRAWN] * 2
    assert db.session.scalar(select(ProvincialIntake.id)) is None
    with statements() as asked:
        shown = client.get(page).text
    assert len(asked) <= 20 and shown.count("已撤销") == 2


def test_a_file_of_entries_is_the_contests_own(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.event.state = EventState.REGISTERING
    db.session.commit()
    page = f"/contests/{story.contest.id}/delegations"
    sign_in(client, build.account("bureau_staff"))
    there = client.post(page, data=file_of(entry(build, "陈一凡", 1))).headers["Location"]
    assert client.get(there.replace("intakes", "imports")).status_code == 404
    reply = client.get(f"{page}/results?delegation={CITY}")
    assert reply.status_code == 303, "no final result yet"
