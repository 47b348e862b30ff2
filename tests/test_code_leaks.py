"""Two worlds that differ only in who stands behind the codes answer alike, to everybody.

Both grow from one database file. In each the same codes are sealed, but chance has given them to
other entries; then the same happens in both, by code and by name. Until the codes are opened, no
page, file, search, error or status, and no column but the sealed boxes, may tell the worlds apart.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from app import create_app
from models.database import db
from models.entries import Entry
from models.judging import PanelSeat, Sheet
from models.layers import SealedLayer
from models.receipts import Receipt
from models.statements import StatementKey
from models.works import Work
from rules import access
from rules.access import Holder, Role
from rules.layers import chain
from rules.plans import EventPlan
from rules.ranking import EntryStatus
from rules.states import EntryState, EventState, SheetState
from services import (
    accounts,
    attendance,
    contests,
    judging,
    marks,
    panels,
    rule_versions,
    sheets,
    spot_checks,
    statements,
)
from services.marks import Typed
from tests.builders import NOW, Builder, sign_in
from tests.conftest import KEYS
from tests.crawl import endpoint_of, walk
from tests.sealed_rooms import SealedRoom, layered_room

# Columns that must differ: what hides the link, and the numbers of the requests. A digest binds to
# its table with a nonce of 256 bits that lies in the box: it differs, but tells nothing.
HIDING = {"sealed_layer.box", "sealed_layer.escrow_box", "audit_record.request_id"}
SEARCHED = ("entries", "attendance", "progress", "sheets", "results", "codes", "panel")
# Drawn by chance, and anew by some of the forms that were sent empty before.
DRAWN = {"account.fs_uniquifier", "audit_record.request_key", "pass.token"}
# Where the access table lets somebody do an act nowhere, the guard answers before any row is read,
# which test_access holds for every route and role; so many of these are asked for, not all.
SHUT = 3
Answers = dict[tuple[str, str], tuple[int, str, str]]
Ask = Callable[[FlaskClient, Holder | None], Iterator[tuple[str, Any]]]


class Turned(Random):
    """Chance that gives the same codes in both worlds, but to neighbours."""

    def __init__(self, turn: int) -> None:
        super().__init__(7)
        self.turn = turn

    def shuffle(self, x: Any) -> None:
        """Turn the list by as many places as this world stands apart."""
        x[:] = x[self.turn :] + x[: self.turn]


@dataclass
class World:
    """One of the two databases, with everybody's browser."""

    app: Flask
    room: SealedRoom
    usernames: dict[str, str]
    links: dict[str, str]
    holders: dict[str, Holder | None]

    def browsers(self) -> Iterator[tuple[str, FlaskClient]]:
        """Yield everybody, signed in, and a visitor."""
        yield "visitor", self.app.test_client()
        for role, username in self.usernames.items():
            browser = self.app.test_client()
            browser.set_cookie("language", "en")
            yield role, sign_in(browser, type("Named", (), {"username": username})())


def make_app(folder: Path) -> Flask:
    """Make an application on the database file of a folder."""
    app = create_app(
        skillstar_mode="testing",
        instance_dir=folder,
        database_url=f"sqlite:///{folder / 'world.db'}",
        **KEYS,
    )
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["skillstar_clock"] = lambda: NOW
    return app


def furnish(build: Builder) -> tuple[SealedRoom, dict[str, str]]:
    """Make an event ready to be sealed, judges with seats, and an account for every role."""
    room = layered_room(build, 3, (4, 2))
    contest_id = room.event.contest_id
    first = room.entry(0)
    employer, person = build.employer(), first.members[0].person_id
    first.employer_id = employer.id
    db.session.commit()
    named = {Role.EMPLOYER: {"employer_id": employer.id}, Role.CONTESTANT: {"person_id": person}}
    accounts = {role.value: build.account(role, **named.get(role, {})) for role in Role}
    accounts |= {"sealer-1": room.sealers[0], "escrow": room.escrow, "chief": room.chief}
    accounts["scoped"] = build.account("organizer", contest_id)
    for account in (accounts["judge"], build.account("judge")):
        panels.seat(room.by(room.organizer), room.event_id, "work", account.id)
    event = room.event
    event.plan = EventPlan().model_dump(mode="json")
    rule_versions.freeze(room.by(room.organizer), event, contests.rules_of(event.contest), "")
    db.session.commit()
    room.begin()
    return room, {name: account.username for name, account in accounts.items()}


def seal(room: SealedRoom, turn: int) -> dict[str, str]:
    """Seal all layers; return the link that they hide, which only this test knows."""
    tables = [room.seal(sealer, Turned(turn)).table for sealer in room.sealers]
    return {entry: [*chain(tables, entry)][-1] for entry, _ in tables[0].rows}


def play(room: SealedRoom) -> None:
    """Mark by code, and record by name and by code what became of some."""
    judging.open_scoring(room.by(room.chief), room.event_id)
    query = db.select(Sheet).join(Work, Work.id == Sheet.work_id).order_by(Work.code, Sheet.id)
    rows = [(sheet.id, sheet.seat_id) for sheet in db.session.scalars(query)]
    seats = {seat.id: seat.account for seat in db.session.scalars(db.select(PanelSeat))}
    for place, (sheet_id, seat_id) in enumerate(rows[:8]):
        typed = [Typed(sheet_id, key, text) for key, text in
                 (("A1", str(30 + place)), ("A2", "1"), ("A3", str(place % 4)))]  # fmt: skip
        marks.sign_sheet(room.by(seats[seat_id]), sheet_id, typed)
    by = room.by(room.organizer)
    attendance.record_attendance(by, room.event_id, [room.entries[1]], EntryStatus.ABSENT, "未到")
    last = sorted(room.codes())[-1]
    attendance.record_work_status(
        room.by(room.chief), room.event_id, [last], EntryStatus.VIOLATION, "作品留有记号"
    )
    room.entry(4).state = EntryState.WITHDRAWN
    db.session.commit()


def next_key() -> ec.EllipticCurvePrivateKey:
    """Return the key of statements that follows those that a world has: the same in both."""
    number = db.session.scalar(db.select(db.func.count()).select_from(StatementKey))
    return ec.derive_private_key(1000 + (number or 0), ec.SECP256R1())


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[World]]:
    """Two worlds that grow from one file, and draw the same keys of statements."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statements, "_drawn", next_key)
        yield from grown(tmp_path_factory)


def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[World]]:
    """Let both worlds grow, and put them away in the end."""
    folder = tmp_path_factory.mktemp("origin")
    origin = make_app(folder)
    with origin.app_context():
        upgrade()
        room, usernames = furnish(Builder())
        db.session.remove()
        db.engine.dispose()
    made = []
    for turn in (0, 1):
        there = tmp_path_factory.mktemp(f"world{turn}")
        shutil.copy(folder / "world.db", there / "world.db")
        app = make_app(there)
        with app.app_context():
            mine = SealedRoom(**{**vars(room), **_fresh(room)})
            links = seal(mine, turn)
            play(mine)
            holders = holders_of(usernames)
            db.session.remove()
        made.append(World(app, mine, usernames, links, holders))
    yield made
    for world in made:
        with world.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _fresh(room: SealedRoom) -> dict[str, Any]:
    """Return the people of a room as rows of the database at hand."""
    names = ("organizer", "chief", "supervisor", "escrow")
    get = lambda account: db.session.merge(account, load=False)  # noqa: E731
    return {name: get(getattr(room, name)) for name in names} | {
        "sealers": [get(one) for one in room.sealers]
    }


def holders_of(usernames: dict[str, str]) -> dict[str, Holder | None]:
    """Return everybody as the access table knows them, and the visitor."""
    found: dict[str, Holder | None] = {"visitor": None}
    for name, username in usernames.items():
        account = accounts.find_account(username)
        assert account is not None
        found[name] = account.holder()
    return found


def open_or_few(app: Flask, holder: Holder | None) -> Callable[[str], bool]:
    """Return what says whether somebody asks for an endpoint: if it is open, or one of a few."""
    shut: list[str] = []

    def is_asked(endpoint: str) -> bool:
        if access.may(app.view_functions[endpoint].act, holder):  # type: ignore[attr-defined]
            return True
        shut.append(endpoint)
        return len(shut) <= SHUT

    return is_asked


def plain(text: str, digests: dict[str, str]) -> str:
    """Take out what is random in every answer: keys and numbers of requests, and digests."""
    text = re.sub(r'(name="[\w-]*(?:request_key|csrf_token)"[^>]*value=)"[^"]*"', r'\1""', text)
    text = re.sub(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{27}", "token", text)
    text = re.sub(r'(data-request-key=)"[^"]*"', r'\1""', text)
    text = re.sub(r"\b[0-9a-f]{16}\b(?=</code>|</strong>|\s*</p>)", "request", text)
    for digest, name in digests.items():
        text = text.replace(digest, name).replace(digest[:16], name).replace(digest[:12], name)
    return text


def digests_of(world: World) -> dict[str, str]:
    """Name what is random in each world: the layers' digests bind to a table and its nonce."""
    with world.app.app_context():
        rows = db.session.execute(db.select(SealedLayer.commitment, SealedLayer.number))
        found = {commitment: f"digest {number}" for commitment, number in rows}
        # The code of a judge's receipt is drawn by chance for each of them.
        receipts = db.session.execute(db.select(Receipt.code, Receipt.id))
        found |= {code: f"receipt {number}" for code, number in receipts}
        db.session.remove()
    return found


def answers_of(world: World, ask: Ask) -> Answers:
    """Collect what everybody is answered."""
    found: Answers = {}
    digests = digests_of(world)
    for role, browser in world.browsers():
        for what, reply in ask(browser, world.holders[role]):
            text = reply.get_data(as_text=True) if "text" in reply.mimetype else reply.mimetype
            if reply.mimetype in {"application/json", "image/svg+xml"}:
                text = reply.get_data(as_text=True)
            found[role, what] = (reply.status_code, reply.location or "", plain(text, digests))
    return found


def hand_in(room: SealedRoom) -> None:
    """Fill the other sheets, confirm the marks, and draw the sample that is checked on paper."""
    query = db.select(Sheet).join(Work, Work.id == Sheet.work_id).order_by(Work.code, Sheet.id)
    seats = {seat.id: seat.account for seat in db.session.scalars(db.select(PanelSeat))}
    waiting = [one for one in db.session.scalars(query) if one.state is SheetState.OPEN]
    for place, (sheet_id, seat_id) in enumerate([(one.id, one.seat_id) for one in waiting]):
        sheet = db.session.get_one(Sheet, sheet_id)
        if sheets.lock_reason(EventState.SCORING, sheet) is None:
            typed = [Typed(sheet_id, key, text) for key, text in
                     (("A1", str(25 + place)), ("A2", "0"), ("A3", str(place % 4)))]  # fmt: skip
            marks.sign_sheet(room.by(seats[seat_id]), sheet_id, typed)
    judging.confirm(room.by(room.chief), room.event_id)
    check = spot_checks.fix_marks(room.by(room.supervisor), room.event_id)
    spot_checks.draw_sample(room.by(room.supervisor), check, "12 07 33")


def differing(one: Answers, other: Answers) -> list[str]:
    """Name what is answered in one world only, or otherwise, with the first line that differs."""
    lines = [f"only once: {key}" for key in one.keys() ^ other.keys()]
    for key in one.keys() & other.keys():
        if one[key] != other[key]:
            pairs = zip(one[key][2].splitlines(), other[key][2].splitlines(), strict=False)
            first = next((pair for pair in pairs if pair[0] != pair[1]), ("", ""))
            lines.append(f"{key}: {one[key][:2]} {other[key][:2]} {first}")
    return sorted(lines)


def pages(
    world: World, start: Sequence[str] = ("/", "/desk", "/events/{event}/codes"), depth: int = 2
) -> Ask:
    """Walk all links; then search, sort and filter the lists, and ask for things by number."""
    addresses = [one.format(event=world.room.event_id) for one in start]

    def ask(browser: FlaskClient, holder: Holder | None) -> Iterator[tuple[str, Any]]:
        is_asked = open_or_few(world.app, holder)
        seen: dict[str, Any] = {}

        def around(get: Callable[[], Any]) -> tuple[Any, Any]:
            reply = get()
            seen[reply.request.full_path.rstrip("?")] = reply
            return reply, None

        walk(world.app, browser, addresses, depth, around)
        yield from list(seen.items())
        for address in asked(world):
            endpoint = endpoint_of(world.app, address)
            if endpoint is None or is_asked(endpoint):
                yield address, browser.get(address)

    return ask


def asked(world: World) -> Iterator[str]:
    """Yield addresses that no link leads to: searches by name, number and code, sorts, numbers."""
    event = world.room.event_id
    with world.app.app_context():
        codes = sorted(world.room.codes())
        entries = db.session.scalars(db.select(Entry).order_by(Entry.id)).all()
        words = [codes[0], entries[1].number]
        sheets = len(db.session.scalars(db.select(Sheet.id)).all())
        contest = world.room.event.contest_id
        db.session.remove()
    lists = [f"/events/{event}/{name}" for name in SEARCHED]
    for page in (*lists, f"/contests/{contest}/entries", "/audit"):
        yield from (f"{page}?q={word}" for word in words)
        yield from (f"{page}?sort={key}&dir=desc" for key in ("code", "number"))
        yield f"{page}?status={EntryStatus.ABSENT.value}"
    for number in range(1, sheets + 1, 5):
        yield f"/sheets/{number}"
    for number in range(1, len(entries) + 2):
        yield f"/entries/{number}"


def posts(world: World) -> Ask:
    """Send empty forms to everything that takes them: refusals must not tell either."""

    def ask(browser: FlaskClient, holder: Holder | None) -> Iterator[tuple[str, Any]]:
        is_asked = open_or_few(world.app, holder)
        for rule in sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if "POST" not in (rule.methods or ()) or rule.endpoint in _CHANGING:
                continue
            if not is_asked(rule.endpoint):
                continue
            address = re.sub(r"<int:\w+>", "1", rule.rule)
            address = re.sub(r"<(\w+:)?\w+>", "nix", address)
            yield f"POST {address}", browser.post(address, data={})

    return ask


# What would end the session, lock the account after several empty passwords, or answer with a
# secret that is random.
_CHANGING = {
    "accounts.sign_out",
    "accounts.sign_in",
    "accounts.renew_link",
    "accounts.invite_contestants",
    "layers.witness",
}


def test_the_worlds_give_the_same_codes_to_other_entries(worlds: list[World]) -> None:
    one, other = (world.links for world in worlds)
    assert one.keys() == other.keys() and sorted(one.values()) == sorted(other.values())
    assert not [entry for entry in one if one[entry] == other[entry]]


def test_the_stored_rows_tell_the_worlds_apart_only_where_the_link_is_hidden(
    worlds: list[World],
) -> None:
    one, other = (dump(world) for world in worlds)
    differ = {name for name in one if one[name] != other[name]}
    assert differ - HIDING == set()
    assert {"sealed_layer.box", "sealed_layer.escrow_box"} <= differ


def dump(world: World) -> dict[str, str]:
    """Read every column of every table, in the order in which the rows lie."""
    digests = digests_of(world)
    with world.app.app_context():
        found = {}
        for name, table in db.metadata.tables.items():
            rows = db.session.connection().execute(db.select(table)).mappings().all()
            for column in rows[0] if rows else ():
                values = "\n".join(str(row[column]) for row in rows)
                found[f"{name}.{column}"] = plain(values, digests)
        db.session.remove()
    return found


def test_pages_searches_sorts_and_errors_are_equal_for_everybody(worlds: list[World]) -> None:
    one, other = (answers_of(world, pages(world)) for world in worlds)
    assert len(one) > 500
    assert {status for status, _, _ in one.values()} >= {200, 303, 403, 404}
    assert differing(one, other) == []


def test_refused_forms_are_equal_for_everybody(worlds: list[World]) -> None:
    one, other = (answers_of(world, posts(world)) for world in worlds)
    assert {status for status, _, _ in one.values()} >= {303, 403, 404, 422}
    assert differing(one, other) == []


REVIEWED = ("/desk", *(f"/events/{{event}}/{name}" for name in (
    "codes", "progress", "control", "signoff", "results", "spot-check", "papers")))  # fmt: skip


def test_handed_in_marks_tell_the_worlds_apart_no_more_than_open_ones(worlds: list[World]) -> None:
    for world in worlds:
        with world.app.app_context():
            room = SealedRoom(**{**vars(world.room), **_fresh(world.room)})
            if room.event.state is EventState.SCORING:
                hand_in(room)
            db.session.remove()
    one, other = (dump(world) for world in worlds)
    assert {name for name in one if one[name] != other[name]} - HIDING - DRAWN == set()
    one, other = (answers_of(world, pages(world, REVIEWED, 1)) for world in worlds)
    assert len(one) > 500
    assert differing(one, other) == []
