"""Receipts of signed sheets."""

import json
from decimal import Decimal

import pytest

from models.judging import Sheet
from models.receipts import Receipt
from rules.receipts import digest_of
from rules.refusals import Missing, Refused
from services import contests, judging, marks, marks_syncing, receipts, sheets
from services.marks import Typed
from services.marks_syncing import Sent
from tests.builders import Builder
from tests.judging_rooms import Room, open_room, theory_scheme

BATCH = "tablet-0001"


@pytest.fixture
def room(build: Builder) -> Room:
    return open_room(build)


def _signed(room: Room) -> tuple[Sheet, Receipt]:
    judge = room.judges[0]
    sheet = room.sheets(judge)[0]
    room.sign(judge, sheet, "45.5", "1", "2")
    receipt = receipts.last_receipt(sheet.id)
    assert receipt is not None
    return room.sheets(judge)[0], receipt


def test_a_signed_sheet_has_a_receipt_of_all_that_was_signed(room: Room) -> None:
    sheet, receipt = _signed(room)
    content = json.loads(receipt.content)
    assert content == {
        "marks": {"A1": "45.5", "A2": "1", "A3": "2"},
        "scheme": contests.scheme_of(room.event).digest(),
        "seat": "work/1",
        "signed_at": content["signed_at"],
        "version": sheet.version,
        "work": sheets.get_sheet(sheet.id).code,
    }
    assert receipt.digest == digest_of(receipt.content)
    (line,) = receipts.list_own(room.judges[0].id)
    assert (line.receipt.id, line.valid) == (receipt.id, True)
    assert receipts.list_own(room.judges[1].id) == []


def test_a_table_that_is_signed_gives_a_receipt_for_every_sheet(build: Builder) -> None:
    room = open_room(build, scheme=theory_scheme())
    seat = next(one for one in room.seats() if one.part == "theory")
    own = [sheet for sheet in room.sheets(seat.account) if sheet.seat_id == seat.id]
    key = sheets.get_table(seat.id).layout.lines[0].key
    typed = [Typed(sheet.id, key, "80") for sheet in own]
    marks.sign_table(room.by(seat.account), seat.id, typed)
    found = receipts.list_own(seat.account_id)
    assert {line.receipt.sheet_id for line in found} == {sheet.id for sheet in own}
    assert len({line.receipt.code for line in found}) == len(own)


def test_a_receipt_tells_what_changed_since_and_why(room: Room) -> None:
    sheet, receipt = _signed(room)
    assert receipts.get_view(receipt.id).untouched
    judging.reopen_sheet(room.by(room.chief), sheet.id, "量具有误")
    view = receipts.get_view(receipt.id)
    assert (view.untouched, view.signed, view.changes) == (False, False, [])
    assert [one.reason for one in view.reopenings] == ["量具有误"]
    version = sheets.stored_marks([sheet.id])[sheet.id]["A1"].version
    marks.sign_sheet(room.by(room.judges[0]), sheet.id, [Typed(sheet.id, "A1", "44", version)])
    view = receipts.get_view(receipt.id)
    assert view.changes == [("A1", Decimal("45.5"), Decimal(44))]
    (later,) = view.later
    assert receipts.get_view(later.id).untouched
    assert {line.valid for line in receipts.list_own(room.judges[0].id)} == {True, False}


def test_code_and_digest_prove_a_receipt(room: Room) -> None:
    _sheet, receipt = _signed(room)
    typed = f"{receipt.code[:5]}-{receipt.code[5:]}".lower()
    assert receipts.find_proved(typed, receipt.digest).id == receipt.id
    assert receipts.find_proved(receipt.code, receipt.digest[:8].upper()).id == receipt.id


def test_a_wrong_code_or_digest_proves_nothing(room: Room) -> None:
    _sheet, receipt = _signed(room)
    other = "0" * 64 if receipt.digest[0] != "0" else "1" * 64
    for code, digest, words in (
        ("NOSUCHCODE", receipt.digest, "no receipt"),
        (receipt.code, other, "digest is another"),
        (receipt.code, receipt.digest[:7], "at least the first 8"),
        (receipt.code, "", "at least the first 8"),
    ):
        with pytest.raises(Refused, match=words):
            receipts.find_proved(code, digest)
    with pytest.raises(Missing):
        receipts.get_view(999_999)


def test_a_batch_is_proved_by_its_digest_to_its_sender_only(room: Room) -> None:
    judge, other = room.judges[:2]
    sheet = room.sheets(judge)[0]
    sent = [Sent("key-00000001", sheet.id, "A1", "45", 0, 1)]
    digest, _answers = marks_syncing.sync(room.by(judge), BATCH, sent, lambda _place: True)
    found = receipts.find_batch(judge.id, digest.upper())
    assert found is not None and found.count == 1
    assert receipts.find_batch(other.id, digest) is None
    assert receipts.find_batch(judge.id, "0" * 64) is None
