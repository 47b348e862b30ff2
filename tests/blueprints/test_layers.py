"""Pages of sealed codes: envelopes, the list that is shown once, witnesses, keys."""

import base64
import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pypdfium2
import pytest
from flask.testing import FlaskClient

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from models.layers import Keyholder, LayerWitness, SealedLayer
from rules.states import EventState
from services import layers_keys
from tests.builders import PASSWORD, Builder, sign_in
from tests.conftest import Clock
from tests.sealed_rooms import PASSPHRASE, SealedRoom, layered_room


@pytest.fixture
def room(build: Builder, client: FlaskClient, clock: Clock) -> SealedRoom:
    """Two layers; the pages are English, so that the tests can be read."""
    client.set_cookie("language", "en")
    made = layered_room(build, 2)
    made.now = clock.now
    return made


def at(room: SealedRoom, page: str = "") -> str:
    """Return the address of a page of the event's codes."""
    return f"/events/{room.event_id}/codes{page}"


def as_(client: FlaskClient, account: Account) -> FlaskClient:
    """Change over to another person."""
    client.post("/sign-out")
    return sign_in(client, account)


def pdf_text(reply_text: str) -> str:
    """Return the words of the file that a page carries."""
    found = re.search(r"data:application/pdf;base64,([A-Za-z0-9+/=]+)", reply_text)
    assert found is not None
    document = pypdfium2.PdfDocument(io.BytesIO(base64.b64decode(found[1])))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_whole_way_through_the_pages(client: FlaskClient, room: SealedRoom) -> None:
    as_(client, room.organizer)
    assert "Close the list of 5 entries" in client.get(at(room)).text
    assert client.post(at(room, "/list"), data={"early": "y"}).status_code == 303
    for sealer in room.sealers:
        as_(client, sealer)
        typed = {"passphrase": PASSPHRASE, "escrow": str(room.keys[room.escrow.id])}
        assert client.post(at(room, "/seal"), data=typed).status_code == 200
    assert room.event.state is EventState.DRAWN
    room.hand_in()
    for sealer in reversed(room.sealers):
        for witness in (room.organizer, room.supervisor):
            as_(client, witness)
            reply = client.post(at(room, "/witness"), data={"password": PASSWORD})
            assert reply.status_code == 303
        as_(client, sealer)
        page = client.get(at(room, "/open")).text
        assert room.organizer.title in page and "missing" not in page
        assert client.post(at(room, "/open"), data={"passphrase": PASSPHRASE}).status_code == 303
    as_(client, room.chief)
    page = client.get(at(room)).text
    assert "Opened list" in page
    for index in range(5):
        assert f"<strong>{room.entry(index).code}</strong>" in page


def test_the_list_is_shown_once_as_page_and_paper(client: FlaskClient, room: SealedRoom) -> None:
    room.begin()
    as_(client, room.sealers[0])
    typed = {"passphrase": PASSPHRASE, "escrow": str(room.keys[room.escrow.id]), "request_key": "k"}
    reply = client.post(at(room, "/seal"), data=typed)
    assert reply.status_code == 200 and reply.headers["Cache-Control"] == "no-store"
    assert "Shown only now" in reply.text and "A-01" in reply.text
    words = pdf_text(reply.text)
    entry = room.entry(0)
    digest = room.sealed()[0].commitment
    for expected in ("抽签号", "A-01", "B-02", entry.number, entry.title, "密封", "签名"):
        assert expected in words
    assert digest in re.sub(r"\s", "", words)
    again = client.post(at(room, "/seal"), data=typed)
    assert (again.status_code, again.location) == (303, at(room))
    assert "A-01" not in client.get(at(room)).text


def test_later_lists_have_labels_and_no_names(client: FlaskClient, room: SealedRoom) -> None:
    room.begin()
    room.seal(room.sealers[0])
    as_(client, room.sealers[1])
    typed = {"passphrase": PASSPHRASE, "escrow": str(room.keys[room.escrow.id])}
    reply = client.post(at(room, "/seal"), data=typed)
    words = pdf_text(reply.text)
    for index in range(5):
        for told in (room.entry(index).title, room.entry(index).number):
            assert told not in words and told not in reply.text
    assert all(code in words for code in room.codes())


def test_a_refused_passphrase_stays_on_the_page_and_is_not_shown(
    client: FlaskClient, room: SealedRoom
) -> None:
    room.begin()
    as_(client, room.sealers[0])
    escrow = str(room.keys[room.escrow.id])
    reply = client.post(
        at(room, "/seal"), data={"passphrase": "wrong winter evening", "escrow": escrow}
    )
    assert reply.status_code == 422 and "not the passphrase" in reply.text
    assert "wrong winter evening" not in reply.text
    assert f'<option selected value="{escrow}">' in reply.text
    assert client.post(at(room, "/seal"), data={}).status_code == 422
    assert room.sealed() == []


def test_pages_say_what_comes_first(client: FlaskClient, room: SealedRoom) -> None:
    as_(client, room.sealers[0])
    assert "No layer waits to be sealed" in client.get(at(room, "/seal")).text
    assert "No layer is being opened" in client.get(at(room, "/open")).text
    as_(client, room.chief)
    assert "No layer is being opened" in client.get(at(room, "/witness")).text
    assert "Waits for the organizer" in client.get(at(room)).text
    room.begin()
    keyless = room.build.account("sealer")
    as_(client, keyless)
    assert "You have no key yet" in client.get(at(room, "/seal")).text
    assert "Layer 1 waits for a sealer" in client.get(at(room)).text


def test_an_edition_with_an_open_draw_says_so(client: FlaskClient, build: Builder) -> None:
    client.set_cookie("language", "en")
    event = build.event(state=EventState.REGISTERING)
    sign_in(client, build.account("organizer"))
    page = client.get(f"/events/{event.id}/codes").text
    assert "drawn openly" in page and f"/events/{event.id}/draw" in page
    assert client.get(f"/events/{event.id}/draw").status_code == 200


def test_the_draw_page_leads_to_the_layers(client: FlaskClient, room: SealedRoom) -> None:
    as_(client, room.organizer)
    reply = client.get(f"/events/{room.event_id}/draw")
    assert (reply.status_code, reply.location) == (303, at(room))
    assert at(room) in client.get(f"/events/{room.event_id}").text


def test_the_list_asks_again_while_entries_are_open(client: FlaskClient, room: SealedRoom) -> None:
    as_(client, room.organizer)
    reply = client.post(at(room, "/list"), data={})
    assert reply.status_code == 422 and "Entries are open until" in reply.text
    assert client.get(at(room, "/list")).location == at(room)


def test_a_wrong_password_is_no_witness_and_is_counted(
    client: FlaskClient, room: SealedRoom
) -> None:
    room.seal_all()
    room.hand_in()
    as_(client, room.chief)
    for _ in range(8):
        reply = client.post(at(room, "/witness"), data={"password": "not mine"})
        assert reply.status_code == 422 and "not your password" in reply.text
    assert client.post(at(room, "/witness"), data={"password": PASSWORD}).status_code == 422
    assert db.session.query(LayerWitness).count() == 0
    chief = db.session.get_one(Account, room.chief.id, populate_existing=True)
    assert chief.locked_until is not None


def test_the_reset_asks_for_a_reason(client: FlaskClient, room: SealedRoom) -> None:
    room.seal_all()
    as_(client, room.chief)
    assert "Draw all anew" in client.get(at(room)).text
    assert client.post(at(room, "/reset"), data={"reason": ""}).status_code == 422
    assert client.post(at(room, "/reset"), data={"reason": "名单遗失"}).status_code == 303
    assert db.session.query(SealedLayer).count() == 0


def test_keys_are_made_and_tried(client: FlaskClient, build: Builder) -> None:
    client.set_cookie("language", "en")
    account = build.account("sealer")
    sign_in(client, account)
    assert "You have no key yet" in client.get("/keys").text
    assert client.post("/keys/test", data={"test-passphrase": "x"}).location == "/keys"
    new = {"passphrase": PASSPHRASE, "repeated": PASSPHRASE, "known": "y"}
    for bad in ({"repeated": "else"}, {"known": ""}, {"passphrase": "short", "repeated": "short"}):
        data = {key: value for key, value in (new | bad).items() if value}
        reply = client.post("/keys/new", data=data)
        assert reply.status_code == 422 and PASSPHRASE not in reply.text
    assert db.session.query(Keyholder).count() == 0
    assert client.post("/keys/new", data=new).status_code == 303
    assert layers_keys.fingerprint(db.session.query(Keyholder).one()) in client.get("/keys").text
    assert client.post("/keys/test", data={"test-passphrase": "wrong"}).status_code == 422
    assert client.post("/keys/test", data={"test-passphrase": PASSPHRASE}).status_code == 303
    for address in ("/keys/new", "/keys/test"):
        assert client.get(address).location == "/keys"


def test_keys_name_the_layers_that_they_open(client: FlaskClient, room: SealedRoom) -> None:
    room.seal_all()
    as_(client, room.escrow)
    page = client.get("/keys").text
    assert at(room) in page and "layer 2" in page and "second keyholder" in page


@pytest.mark.parametrize("role", ["judge", "entry_clerk", "employer", "contestant"])
def test_who_scores_or_competes_has_no_page_of_codes(
    client: FlaskClient, room: SealedRoom, role: str
) -> None:
    sign_in(client, room.build.account(role))
    for address in (at(room), at(room, "/seal"), at(room, "/open"), at(room, "/witness"), "/keys"):
        assert client.get(address).status_code == 403
    assert "codes" not in client.get("/desk").text


def test_the_page_asks_the_same_number_of_questions_for_more_entries(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counts = []
    organizer = build.account("organizer")
    sign_in(client, organizer)
    for entries in ((1, 1), (6, 5)):
        room = layered_room(build, 3, entries)
        room.seal_all()
        room.hand_in()
        room.open_all()
        with statements() as seen:
            assert client.get(at(room)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_the_passphrase_is_in_no_log_record_or_error_page(
    client: FlaskClient,
    room: SealedRoom,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not when it is right, not when it is wrong, and not when the program breaks over it."""
    room.begin()
    as_(client, room.sealers[0])
    escrow = str(room.keys[room.escrow.id])
    said = []
    wrong = "my very secret wrong words"
    said.append(client.post(at(room, "/seal"), data={"passphrase": wrong, "escrow": escrow}).text)
    key = db.session.get_one(Keyholder, room.keys[room.sealers[0].id])
    kept, key.salt = key.salt, "no hex"  # makes the program break where the passphrase is in hand
    db.session.commit()
    broken = client.post(at(room, "/seal"), data={"passphrase": PASSPHRASE, "escrow": escrow})
    assert broken.status_code == 500
    key.salt = kept
    db.session.commit()
    said += [
        broken.text,
        client.post(at(room, "/seal"), data={"passphrase": PASSPHRASE, "escrow": escrow}).text,
        client.post("/keys/test", data={"test-passphrase": wrong}).text,
        *capsys.readouterr(),
        caplog.text,
    ]
    assert '"kind": "ValueError"' in said[-3] + said[-2]
    rows = db.session.scalars(db.select(AuditRecord)).all()
    said.append(json.dumps([[row.before, row.after] for row in rows], ensure_ascii=False))
    for text in said:
        assert PASSPHRASE not in text and wrong not in text
        assert json.dumps(PASSPHRASE)[1:-1] not in text
