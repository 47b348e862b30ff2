"""Keying of paper sheets by two clerks, neither of whom sees what the other keyed (R2.24)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from models.contests import Event
from models.database import db
from models.judging import PanelSeat, Sheet
from models.papers import KeyedMark, Keying, PaperRuling
from rules.papers import HANDS, Agreement, Readings
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused, check_reason
from rules.schemes import Scheme
from rules.seats import Bench, Layout, bench_of
from rules.sheets import read_mark
from rules.states import SheetState
from rules.texts import N_
from services import audits, contests, marks
from services.acting import Actor
from services.marks import NOT_SAVED, RefusedMarks
from services.papers import Paper, count_hands, find_papers, keyings_needed, keys_of, read_papers
from services.sheets import scoring_closed, status_of
from services.transaction import transaction


@dataclass(frozen=True)
class Pile:
    """The paper sheets of an event as one clerk sees them: which wait for him, and how many."""

    papers: list[Paper]
    waiting: list[Paper]
    own: int

    @property
    def closed(self) -> bool:
        """Say whether there is nothing left for this clerk."""
        return not self.waiting


@dataclass(frozen=True)
class _Held:
    """A sheet under lock, with all that its paper is checked by."""

    event: Event
    scheme: Scheme
    sheet: Sheet
    bench: Bench
    layout: Layout
    round: int


@transaction
def key_sheet(by: Actor, paper_id: int, typed: Mapping[str, str]) -> int:
    """Keep one clerk's reading of a paper sheet; two that agree become its marks (R2.24)."""
    held = _hold(paper_id)
    hand = _next_hand(by, held)
    values = _read(held, typed)
    keying = Keying(
        event_id=held.event.id,
        sheet_id=paper_id,
        account_id=by.account_id,
        round=held.round,
        hand=hand,
        keyed_at=by.now,
        values=[KeyedMark(aspect=key, value=value) for key, value in values.items()],
    )
    db.session.add(keying)
    _record(by, "key", held, {"hand": hand})  # the values stay where only two keyings meet
    _settle(by, held)
    return paper_id


def _hold(paper_id: int) -> _Held:
    """Lock a sheet while its event is being scored; other sheets go on."""
    event_id = db.session.scalar(select(Sheet.event_id).where(Sheet.id == paper_id))
    event = marks.share_event(event_id)
    sheet = db.session.get_one(Sheet, paper_id, with_for_update=True, populate_existing=True)
    status = status_of(sheet.work)
    if status is not EntryStatus.COMPETED:
        raise Missing(paper_id)
    closed = scoring_closed(event.state)
    if closed is not None:
        raise closed
    scheme = contests.scheme_of(event)
    bench = bench_of(scheme, sheet.seat.part)
    return _Held(event, scheme, sheet, bench, bench.layout(sheet.seat.number), _round(paper_id))


def _round(sheet_id: int) -> int:
    query = select(func.max(Keying.round)).where(
        Keying.sheet_id == sheet_id, Keying.is_dropped.is_(True)
    )
    return (db.session.scalar(query) or 0) + 1


def _next_hand(by: Actor, held: _Held) -> int:
    """Return which of the two keyings this would be; refuse who may not key the sheet."""
    done = _keyings(held.sheet.id)
    if by.account_id in {one.account_id for one in done}:
        raise Refused(N_("You have keyed this sheet. Somebody else must key it too."))
    if len(done) >= HANDS:
        raise Refused(N_("Two clerks have keyed this sheet already."))
    if held.bench.entered_by != "clerk" and held.sheet.seat.account_id == by.account_id:
        raise Refused(N_("You judge this sheet yourself; others must key it."))
    return len(done) + 1


def _keyings(sheet_id: int) -> Sequence[Keying]:
    query = select(Keying).where(Keying.sheet_id == sheet_id, Keying.is_dropped.is_(False))
    return db.session.scalars(query.order_by(Keying.hand)).all()


def _read(held: _Held, typed: Mapping[str, str]) -> dict[str, Decimal]:
    """Read every line by the rules of the sheet; raise all problems at once."""
    refused = RefusedMarks(NOT_SAVED)
    values: dict[str, Decimal] = {}
    for line in held.layout.lines:
        try:
            value = read_mark(line, typed.get(line.key, ""))
        except Refused as problem:
            refused.problems[held.sheet.id, line.key] = problem
            continue
        if value is not None:
            values[line.key] = value
    if not values and not refused.problems:
        raise Refused(N_("Nothing was keyed."))
    if refused.problems:
        raise refused
    return values


def _settle(by: Actor, held: _Held, ruled: Collection[str] = ()) -> None:
    """Let the paper be the marks of the sheet once nothing on it is in doubt.

    What the chief judge has ruled replaces the mark on the screen; nothing else does.
    """
    db.session.flush()
    readings, keys = read_papers([held.sheet.id])[held.sheet.id], keys_of(held.layout)
    values = {key: readings.paper(key) for key in ruled}
    double = keyings_needed(held.event) == HANDS
    if double and all(readings.has_paper(key, HANDS) for key in keys):
        if held.sheet.state is SheetState.OPEN:
            blank = [key for key in keys if key not in readings.marks]
            values |= {key: readings.paper(key) for key in blank}
        after = {**readings.marks, **values}
        done = _is_done(held, readings, {k: v for k, v in after.items() if v is not None})
        marks.adopt_marks(by, held.event, held.scheme, held.sheet, values, done)
    elif values:
        marks.adopt_marks(by, held.event, held.scheme, held.sheet, values, sign=False)


def _is_done(held: _Held, readings: Readings, after: Mapping[str, Decimal]) -> bool:
    """Say whether an open sheet is complete and says what the signed paper says."""
    return (
        held.sheet.state is SheetState.OPEN
        and not held.layout.missing(after.keys())
        and all(readings.paper(key) == after.get(key) for key in keys_of(held.layout))
    )


@transaction
def rule_line(by: Actor, paper_id: int, key: str, text: str, reason: str) -> int:
    """Decide what counts on a line that was read differently; screen and paper follow it."""
    held = _hold(paper_id)
    value = _ruled_value(held, key, text, {Agreement.CLERKS_DIFFER, Agreement.SCREEN_DIFFERS})
    before = _write_ruling(by, held, key, value, reason, is_final=True)
    _record(by, "rule", held, _said(key, value, reason), before)
    _settle(by, held, [key])
    return paper_id


@transaction
def propose_line(by: Actor, paper_id: int, key: str, text: str, reason: str) -> int:
    """Say what the paper says after a third look; the other clerk of the pair must agree."""
    held = _hold(paper_id)
    _check_pair(by, held)
    value = _ruled_value(held, key, text, {Agreement.CLERKS_DIFFER})
    before = _write_ruling(by, held, key, value, reason, is_final=False)
    _record(by, "propose", held, _said(key, value, reason), before)
    return paper_id


@transaction
def agree_line(by: Actor, paper_id: int, key: str, seen: str) -> int:
    """Agree to what the other clerk of the pair proposed, as it was ``seen`` on the page."""
    held = _hold(paper_id)
    _check_pair(by, held)
    ruling = _ruling(held, key)
    if ruling is None or ruling.is_final:
        raise Refused(N_("There is no proposal for this line."))
    if ruling.account_id == by.account_id:
        raise Refused(N_("The other clerk of the pair must agree."))
    if read_mark(held.layout.line(key), seen) != ruling.value:
        raise Refused(N_("The proposal has changed meanwhile. Look at it again."))
    ruling.is_final = True
    _record(by, "agree", held, _said(key, ruling.value, ruling.reason))
    _settle(by, held)
    return paper_id


@transaction
def drop_keyings(by: Actor, paper_id: int, reason: str) -> int:
    """Set all keyings of a sheet aside, because the paper was wrong or changed; key it anew."""
    held = _hold(paper_id)
    check_reason(reason)
    keyings = _keyings(paper_id)
    if not keyings:
        raise Refused(N_("Nobody has keyed this sheet."))
    rulings = db.session.scalars(
        select(PaperRuling).where(
            PaperRuling.sheet_id == paper_id, PaperRuling.is_dropped.is_(False)
        )
    )
    for row in (*keyings, *rulings):
        row.is_dropped = True
    _record(by, "drop_keyings", held, {"count": len(keyings), "reason": reason})
    return paper_id


def _check_pair(by: Actor, held: _Held) -> None:
    pair = {one.account_id for one in _keyings(held.sheet.id)}
    if by.account_id not in pair or len(pair) < HANDS:
        raise Missing(held.sheet.id)


def _ruled_value(held: _Held, key: str, text: str, wanted: set[Agreement]) -> Decimal | None:
    """Read the value of a ruling; refuse it where the readings need none."""
    if key not in keys_of(held.layout):
        raise Missing(key)
    needed = keyings_needed(held.event)
    readings = read_papers([held.sheet.id])[held.sheet.id]
    if readings.agreement(key, needed) not in wanted:
        raise Refused(N_("This line was not read differently."))
    try:
        return read_mark(held.layout.line(key), text)
    except Refused as problem:
        raise Refused(problem.message, field="value", **problem.params) from None


def _ruling(held: _Held, key: str) -> PaperRuling | None:
    return db.session.scalar(
        select(PaperRuling).where(
            PaperRuling.sheet_id == held.sheet.id,
            PaperRuling.round == held.round,
            PaperRuling.aspect == key,
        )
    )


def _write_ruling(
    by: Actor, held: _Held, key: str, value: Decimal | None, reason: str, *, is_final: bool
) -> dict[str, object] | None:
    """Write a ruling or replace one; return the one before."""
    check_reason(reason)
    row = _ruling(held, key)
    before = None if row is None else _said(key, row.value, row.reason)
    if row is None:
        row = PaperRuling(
            event_id=held.event.id, sheet_id=held.sheet.id, round=held.round, aspect=key
        )
        db.session.add(row)
    row.value, row.reason, row.is_final = value, reason.strip(), is_final
    row.account_id, row.ruled_at = by.account_id or 0, by.now
    return before


def _said(key: str, value: Decimal | None, reason: str) -> dict[str, object]:
    return {"aspect": key, "value": value, "reason": reason}


def _record(
    by: Actor,
    action: str,
    held: _Held,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
) -> None:
    audits.record(
        by,
        action,
        "paper",
        held.sheet.id,
        contest_id=held.event.contest_id,
        before=before,
        after=after,
    )


def get_pile(event: Event, scheme: Scheme, account_id: int) -> Pile:
    """Return the paper sheets of an event, and which of them this clerk can still key."""
    papers = find_papers(event.id, scheme)
    hands, needed = count_hands(event.id), keyings_needed(event)
    own = keyed_by(event.id, account_id)
    judged = _judged_by(event.id, account_id)
    waiting = [
        one
        for one in papers
        if hands.get(one.sheet_id, 0) < needed
        and one.sheet_id not in own
        and (one.bench.entered_by == "clerk" or one.sheet_id not in judged)
    ]
    return Pile(papers, waiting, len(own))


def keyed_by(event_id: int, account_id: int) -> set[int]:
    """Return the sheets of an event that this clerk has keyed."""
    query = select(Keying.sheet_id).where(
        Keying.event_id == event_id,
        Keying.account_id == account_id,
        Keying.is_dropped.is_(False),
    )
    return set(db.session.scalars(query))


def _judged_by(event_id: int, account_id: int) -> set[int]:
    query = select(Sheet.id).join(PanelSeat, PanelSeat.id == Sheet.seat_id)
    own = query.where(Sheet.event_id == event_id, PanelSeat.account_id == account_id)
    return set(db.session.scalars(own))
