"""Marks that devices kept and send later: in batches, again, or in the wrong order."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

import structlog
from sqlalchemy import select

from models.contests import Event
from models.database import db
from models.encryption import keyring
from models.judging import PanelSeat, Sheet
from rules.access import Place
from rules.refusals import Missing, Refused
from rules.seats import Line
from rules.sheets import read_mark
from rules.states import EventState
from rules.syncing import Known, LastSent, Outcome, decide
from rules.texts import N_
from services import audits, marks_desk, remarks
from services.acting import Actor
from services.marks_desk import OpenSheet, Taken
from services.transaction import transaction

REFUSED, UNKNOWN, FAILED = "refused", "unknown", "failed"


@dataclass(frozen=True)
class Sent:
    """One mark of a batch: its key, and the number that its device gave it."""

    key: str
    sheet_id: int
    aspect: str
    text: str
    base: int
    sequence: int
    typed_at: datetime | None = None


NOTHING = Known()


@dataclass(frozen=True)
class Answer:
    """What became of one mark, and what is stored now; `at` is the sheet's version."""

    key: str
    state: str
    stored: Known = NOTHING
    at: int = 0
    problem: Refused | None = None
    line: Line | None = None


_UNKNOWN_SHEET = N_("This sheet is not yours, or it no longer exists.")
_UNKNOWN_LINE = N_("This line is no longer on the sheet.")
_USED_KEY = N_("This mark carries the key of another one.")
_FAILED = N_("The server could not store this mark. It stays on this device; tell the organizer.")


def digest_of(device: str, sent: Sequence[Sent]) -> str:
    """Return the SHA-256 of a batch; the device keeps it as the proof that it was sent."""
    lines = (
        f"{one.key}\t{one.sheet_id}\t{one.aspect}\t{one.text}\t{one.base}\t{one.sequence}\n"
        for one in sent
    )
    return hashlib.sha256(f"{device}\n{''.join(lines)}".encode()).hexdigest()


May = Callable[[Place], bool]


def sync(by: Actor, device: str, sent: Sequence[Sent], may: May) -> tuple[str, list[Answer]]:
    """Take in a batch, each sheet on its own; return its digest and an answer for every mark.

    ``may`` says where the access table lets the actor enter marks.
    """
    batch = digest_of(device, sent)
    by_sheet: dict[int, list[Sent]] = defaultdict(list)
    for one in sent:
        by_sheet[one.sheet_id].append(one)
    found: dict[str, Answer] = {}
    for sheet_id, group in by_sheet.items():
        answers = _take_group(by, sheet_id, device, batch, group, may)
        found.update((answer.key, answer) for answer in answers)
    return batch, [found[one.key] for one in sent]


def _take_group(
    by: Actor, sheet_id: int, device: str, batch: str, group: Sequence[Sent], may: May
) -> list[Answer]:
    """Take in the marks of one sheet at once, or one by one where one of them poisons the rest."""
    try:
        return sync_sheet(by, sheet_id, device, batch, group, may)
    except Missing:
        return [_unknown(one) for one in group]
    except Exception:  # of any kind: a mark that breaks the program must not hold up the others
        structlog.get_logger().exception("marks of a device failed", sheet=sheet_id)
        if len(group) == 1:
            return [Answer(group[0].key, FAILED, problem=Refused(_FAILED))]
    alone = (_take_group(by, sheet_id, device, batch, [one], may) for one in group)
    return [answer for answers in alone for answer in answers]


def _unknown(one: Sent) -> Answer:
    return Answer(one.key, UNKNOWN, problem=Refused(_UNKNOWN_SHEET))


@transaction
def sync_sheet(
    by: Actor, sheet_id: int, device: str, batch: str, sent: Sequence[Sent], may: May
) -> list[Answer]:
    """Take in what a device sent for one's own sheet; return an answer for every mark.

    A closed sheet still answers for what was sent before. Raises Missing for a foreign one.
    """
    sheet, place = marks_desk.lock_sheet(by, sheet_id)
    if not may(place):
        raise Missing(sheet_id)
    desk = _Desk(by, sheet, device, batch, sent)
    answers = [desk.take(one) for one in sent]
    desk.write()
    return answers


class _Desk:
    """One sheet while the marks that a device sent for it are taken in, one after the other."""

    def __init__(
        self, by: Actor, sheet: OpenSheet, device: str, batch: str, sent: Sequence[Sent]
    ) -> None:
        self.by, self.sheet, self.device, self.batch = by, sheet, device, batch
        self.version = sheet.version
        self.asked = remarks.open_lines({sheet.id}).get(sheet.id) if sheet.is_asked_again else None
        aspects = {one.aspect for one in sent}
        self.rows = marks_desk.stored_rows(sheet.id, aspects)
        self.now = {key: Known(row.value, row.version) for key, row in self.rows.items()}
        self.taken: dict[str, Taken] = {}
        self.last: dict[str, LastSent] = {}
        keys = {one.key for one in sent}
        for row in marks_desk.taken_before(by, sheet.id, device, keys, aspects):
            if row.account_id == by.account_id and row.key in keys:
                self.taken[row.key] = row
            if (row.sheet_id, row.device) == (sheet.id, device):
                self.last[row.aspect] = LastSent(row.sequence, row.version)
        self.after: dict[str, Decimal | None] = {}
        self.kept: list[dict[str, Any]] = []

    def take(self, one: Sent) -> Answer:
        """Take in one mark."""
        try:
            line = self.sheet.layout.line(one.aspect)
        except KeyError:
            return self._answer(one, REFUSED, problem=Refused(_UNKNOWN_LINE))
        before = self.taken.get(one.key)
        if before is not None:
            again = (before.sheet_id, before.aspect, before.value)
            if again != (self.sheet.id, one.aspect, one.text):
                return self._answer(one, REFUSED, problem=Refused(_USED_KEY))
            since = before.version != self._stored(one.aspect).version
            state = Outcome.PASSED if since else before.outcome
            return self._answer(one, state.value, line=line)
        try:
            value = read_mark(line, one.text)
        except Refused as problem:
            return self._answer(one, REFUSED, problem=problem, line=line)
        return self._settle(one, line, value)

    def _settle(self, one: Sent, line: Line, value: Decimal | None) -> Answer:
        last = self.last.get(one.aspect)
        outcome = decide(value, one.base, one.sequence, self._stored(one.aspect), last)
        closed = self._closed(one.aspect)
        if closed is not None and outcome in {Outcome.SAVED, Outcome.CONFLICT}:
            return self._answer(one, REFUSED, problem=closed, line=line)
        if outcome is Outcome.SAVED:
            self._write(one.aspect, value)
        if outcome is not Outcome.CONFLICT:
            self._keep(one, outcome)
        return self._answer(one, outcome.value, line=line)

    def _closed(self, aspect: str) -> Refused | None:
        closed = self.sheet.closed
        if closed is None and self.asked is not None and aspect not in self.asked:
            return Refused(remarks.ONLY_ASKED, field=aspect)
        return closed

    def _stored(self, aspect: str) -> Known:
        return self.now.get(aspect, NOTHING)

    def _write(self, aspect: str, value: Decimal | None) -> None:
        # The sheet's version, not a count of its own: a mark taken away and given again must not
        # look like the one before.
        self.version = self.sheet.version + 1
        self.after[aspect] = value
        self.now[aspect] = NOTHING if value is None else Known(value, self.version)

    def _keep(self, one: Sent, outcome: Outcome) -> None:
        version = self._stored(one.aspect).version
        row = Taken(
            cast(int, self.by.account_id),
            one.key,
            self.sheet.id,
            one.aspect,
            self.device,
            one.sequence,
            one.text,
            outcome,
            version,
        )
        more = {"batch": self.batch, "typed_at": one.typed_at, "received_at": self.by.now}
        self.kept.append(row._asdict() | more)
        self.taken[one.key] = row
        if outcome is not Outcome.PASSED:
            self.last[one.aspect] = LastSent(one.sequence, version)

    def _answer(
        self, one: Sent, state: str, problem: Refused | None = None, line: Line | None = None
    ) -> Answer:
        return Answer(one.key, state, self._stored(one.aspect), self.version, problem, line)

    def write(self) -> None:
        """Write what was taken in, with one record for all that changed."""
        marks_desk.keep_sent(self.kept)
        if not self.after:
            return
        marks_desk.write_marks(self.by, self.sheet.id, self.version, self.rows, self.after)
        rows = {key: self.rows.get(key) for key in self.after}
        audits.record(
            self.by,
            "enter_mark",
            "sheet",
            self.sheet.id,
            contest_id=self.sheet.contest_id,
            before={key: row and row.value for key, row in rows.items()},
            after=self.after,
        )


@dataclass(frozen=True)
class Kept:
    """A sheet that a judge's device keeps for the time without network; `mark` changes with it."""

    sheet_id: int
    event_id: int
    mark: str


def list_kept(account_id: int) -> list[Kept]:
    """List the sheets of a judge's events whose scoring is open."""
    query = (
        select(Sheet.id, Sheet.event_id, Sheet.version)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .join(Event, Event.id == Sheet.event_id)
        .where(PanelSeat.account_id == account_id, Event.state == EventState.SCORING)
        .order_by(Sheet.event_id, Sheet.seat_id, Sheet.id)
    )
    return [
        Kept(key, event_id, str(version)) for key, event_id, version in db.session.execute(query)
    ]


def queue_key(account_id: int) -> str:
    """Return the key, in hexadecimal, under which a judge's devices keep what is not sent yet."""
    return keyring.sign(str(account_id), "queue of an account")
