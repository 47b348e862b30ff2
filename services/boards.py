"""The public board: the places of coded works while marks come in, cheap for many readers.

A picture of the board is kept for all readers and drawn anew at most every few seconds. It shows
what was signed up to one moment, so that the freeze is exact even if nobody looked before it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, or_, select

from models.appeals import EventEnd
from models.boards import BoardShot
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.judging import Sheet
from models.results import Result, Revision
from models.works import Work
from rules.boards import OFFICIAL, is_due, shown_moment
from rules.data import plain
from rules.live import LiveEvent
from rules.marking import Calculator, IncompleteMarks
from rules.plans import EditionRules
from rules.refusals import Missing
from rules.stages import Starter
from rules.states import ContestState, EventState, RevisionState
from services import results_computing
from services.acting import Actor, system
from services.results_computing import Field, Rules
from services.transaction import transaction


@dataclass(frozen=True)
class BoardState:
    """What a reader of the board needs to know before its content: which picture it is."""

    event_id: int
    state: EventState
    names: bool
    moment: datetime | None
    frozen: bool
    revision_id: int | None
    shot_id: int | None

    @property
    def tag(self) -> str:
        """Return what changes whenever the board shows something else."""
        return f"{self.event_id}-{self.state}-{self.shot_id}-{self.revision_id}-{self.frozen:d}"


def board_state(event_id: int, now: datetime) -> BoardState:
    """Return which picture of an event is shown now, drawing a new one when it is time.

    One statement while nothing changed. Raises Missing where the edition has no board.
    """
    row = db.session.execute(_STATE, {"event": event_id}).one_or_none()
    if row is None or row.contest_state is not ContestState.PUBLISHED:
        raise Missing(event_id)
    day = EditionRules.model_validate(row.rules).day
    if day.board != "live":
        raise Missing(event_id)
    moment = shown_moment(row.state, row.freezes_at, now)
    frozen = moment is not None and moment != now
    names = day.board_names and row.state in OFFICIAL
    shot_id = row.shot_id
    if moment is not None and _is_stale(row, moment, frozen, day.board_seconds):
        shot_id = take_shot(system(now), event_id, moment, _mark(row))
    shot_id = None if moment is None else shot_id
    return BoardState(event_id, row.state, names, moment, frozen, row.revision_id, shot_id)


def _is_stale(row: Any, moment: datetime, frozen: bool, seconds: int) -> bool:
    if row.taken_at is None or row.taken_at > moment:
        return True
    if frozen:
        return bool(row.taken_at < moment)
    return row.digest != _mark(row) and is_due(row.taken_at, moment, seconds)


def _mark(row: Any) -> str:
    """Return a digest of the signatures: it changes when a sheet is signed or opened again."""
    return hashlib.sha256(f"{row.signed}:{row.last_signed_at}".encode()).hexdigest()


def _state_query() -> Any:
    shot = select(func.max(BoardShot.id)).where(BoardShot.event_id == Event.id)
    sheets = select(func.count(Sheet.signed_at)).where(Sheet.event_id == Event.id)
    last = select(func.max(Sheet.signed_at)).where(Sheet.event_id == Event.id)
    signed = select(func.max(Revision.id)).where(
        Revision.event_id == Event.id, Revision.state == RevisionState.SIGNED
    )
    return (
        select(
            Event.state,
            Contest.state.label("contest_state"),
            Contest.rules,
            EventEnd.freezes_at,
            BoardShot.id.label("shot_id"),
            BoardShot.taken_at,
            BoardShot.digest,
            sheets.correlate(Event).scalar_subquery().label("signed"),
            last.correlate(Event).scalar_subquery().label("last_signed_at"),
            signed.correlate(Event).scalar_subquery().label("revision_id"),
        )
        .join(Contest, Contest.id == Event.contest_id)
        .outerjoin(EventEnd, EventEnd.event_id == Event.id)
        .outerjoin(BoardShot, BoardShot.id == shot.correlate(Event).scalar_subquery())
    )


_STATE = _state_query().where(Event.id == bindparam("event"))


@transaction
def take_shot(_by: Actor, event_id: int, moment: datetime, digest: str) -> int:
    """Draw the board as of a moment and drop older pictures; return its id.

    A picture follows from the marks alone and is nobody's act, so it leaves no record.
    """
    rules = results_computing.rules_of_event(event_id)
    if rules is None:
        raise Missing(event_id)
    shot = BoardShot(
        event_id=event_id,
        taken_at=moment,
        digest=digest,
        content={"divisions": _divisions(event_id, rules, moment)},
    )
    db.session.add(shot)
    db.session.flush()
    db.session.execute(
        delete(BoardShot).where(BoardShot.event_id == event_id, BoardShot.id < shot.id)
    )
    return shot.id


def _divisions(event_id: int, rules: Rules, moment: datetime) -> list[dict[str, Any]]:
    unfinished = _unfinished(event_id, moment)
    return [
        {"division_id": field.division_id} | _lines(rules, field, unfinished)
        for field in results_computing.read_fields(event_id)
    ]


def _unfinished(event_id: int, moment: datetime) -> set[str]:
    """Return the codes of the works of which a sheet was not signed at that moment."""
    late = exists().where(
        Sheet.work_id == Work.id, or_(Sheet.signed_at.is_(None), Sheet.signed_at > moment)
    )
    return set(db.session.scalars(select(Work.code).where(Work.event_id == event_id, late)))


def _lines(rules: Rules, field: Field, unfinished: set[str]) -> dict[str, Any]:
    """Place the works whose sheets are all signed; the others are only counted."""
    calculator = Calculator(rules.scheme)
    if calculator.compares:  # one mark changes everybody: such an event is computed as a whole
        return {"lines": [], "open": len(field.starters), "compares": True}
    running = [one for one in field.starters if not one.statuses]
    done = [
        starter
        for starter in running
        if field.codes[starter.entry_id] not in unfinished and _is_complete(calculator, starter)
    ]
    live = LiveEvent(rules.scheme, rules.plan.tie_breaks, done)
    lines = [
        [place.rank, field.codes[place.entry_id], str(live.scores[place.entry_id].total)]
        for place in live.places()
    ]
    return {"lines": lines, "open": len(running) - len(done), "compares": False}


def _is_complete(calculator: Calculator, starter: Starter) -> bool:
    try:
        calculator.score(starter.marks)
    except IncompleteMarks:
        return False
    return True


@dataclass(frozen=True)
class BoardLine:
    """One line: the place, the code, the total, and a name only from signed results."""

    place: int | None
    code: str
    total: str
    name: str = ""


@dataclass(frozen=True)
class BoardDivision:
    """The lines of one division and how many works are not complete yet."""

    title: str
    lines: Sequence[BoardLine]
    open: int = 0
    compares: bool = False


def board_lines(found: BoardState, titles: Mapping[int, str]) -> list[BoardDivision]:
    """Return what a picture shows, or the signed results in its place."""
    if found.state in OFFICIAL and found.revision_id is not None:
        return signed_lines(found.revision_id, titles, found.names)
    if found.shot_id is None:
        return []
    content = db.session.scalar(select(BoardShot.content).where(BoardShot.id == found.shot_id))
    return [
        BoardDivision(
            titles.get(one["division_id"], ""),
            [BoardLine(place, code, total) for place, code, total in one["lines"]],
            one["open"],
            one["compares"],
        )
        for one in (content or {}).get("divisions", [])
    ]


def signed_lines(
    revision_id: int, titles: Mapping[int, str], names: bool = True
) -> list[BoardDivision]:
    """List the places of a signed revision by division, with or without names."""
    query = (
        select(Entry.division_id, Result.rank, Entry.code, Result.total, Entry.title)
        .join(Result.entry)
        .where(Result.revision_id == revision_id, Result.rank.is_not(None))
        .where(Result.total.is_not(None))
        .order_by(Result.rank, Entry.code)
    )
    found: dict[int, list[BoardLine]] = {key: [] for key in titles}
    for division_id, rank, code, total, name in db.session.execute(query):
        line = BoardLine(rank, code or "", plain(total or Decimal(0)), name if names else "")
        found.setdefault(division_id, []).append(line)
    return [BoardDivision(titles.get(key, ""), lines) for key, lines in found.items() if lines]
