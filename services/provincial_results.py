"""Results of a superior's contest: typed from its paper, confirmed by a second person (R1.33)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.provincial import (
    ProvincialContest,
    ProvincialEvent,
    ProvincialResult,
    ProvincialSlot,
    ProvincialStanding,
)
from rules.provincial import (
    RESULT_MOVES,
    SENT,
    SLOT_MOVES,
    FilePurpose,
    Medal,
    ProvincialState,
    ResultState,
    SlotState,
)
from rules.provincial_rankings import Standing, Tally, counted, standings
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import audits, provincial, provincial_delegations_files, provincial_honours
from services.acting import Actor
from services.attachments import Kept, Upload
from services.provincial_slots import list_slots, lock_slot
from services.transaction import transaction

SUBJECT = "provincial_result"
OPEN = (ProvincialState.ENTERED, ProvincialState.HELD)


@dataclass(frozen=True)
class ResultFacts:
    """What the organiser's paper says of one entry."""

    rank: int | None = None
    total: Decimal | None = None
    medal: Medal | None = None
    prize: str = ""
    document: str = ""
    announced_on: date | None = None
    proof_id: int | None = None


def record_with_proof(
    by: Actor, slot_id: int, facts: ResultFacts, proof: Upload | None, folder: Path
) -> int:
    """Record a result with the scan that proves it: a new one, or one that is kept already."""
    if proof is None and facts.proof_id is None:
        raise Refused(N_("Add the scan of the organiser's paper, or choose one."), "proof")
    with provincial_delegations_files.scan_kept(proof, folder) as kept:
        return record_proved(by, slot_id, facts, kept)


@transaction
def record_proved(by: Actor, slot_id: int, facts: ResultFacts, kept: Kept | None) -> int:
    """Record a result whose scan is kept; one scan can prove many results."""
    slot = lock_slot(slot_id)
    contest_id = slot.event.contest_id
    if kept is not None:
        own = provincial_delegations_files.row_of(by, contest_id, FilePurpose.RESULT, kept)
        facts = replace(facts, proof_id=own.id)
    proof = provincial_delegations_files.get_file(facts.proof_id or 0)
    if (proof.contest_id, proof.purpose) != (contest_id, FilePurpose.RESULT):
        raise Missing(proof.id)
    return _record(by, slot_id, facts)


@transaction
def record_result(by: Actor, slot_id: int, facts: ResultFacts) -> int:
    """Record a result from the organiser's paper; it counts once another person confirmed it."""
    return _record(by, slot_id, facts)


def _record(by: Actor, slot_id: int, facts: ResultFacts) -> int:
    slot = lock_slot(slot_id)
    check_open(slot.event.contest)
    if not facts.document:
        raise Refused(N_("Name the document that proves it."), "document")
    if facts.announced_on is not None and facts.announced_on > by.today:
        raise Refused(N_("This day is still to come."), "announced_on")
    row = put_result(by, slot, facts)
    after = {"slot": slot_id, "rank": facts.rank, "medal": facts.medal, "prize": facts.prize}
    audits.record(by, "record", SUBJECT, row.id, after=after)
    return row.id


def check_open(contest: ProvincialContest) -> None:
    """Part: refuse results of a contest to which nobody was sent, or that is closed."""
    if contest.state not in OPEN:
        raise Refused(N_("Results are entered between the form that was sent and the closing."))


def put_result(
    by: Actor, slot: ProvincialSlot, facts: ResultFacts, import_id: int | None = None
) -> ProvincialResult:
    """Part: write the result of a slot that is not confirmed yet."""
    row = slot.result
    if row is not None and row.state is ResultState.CONFIRMED:
        raise Refused(N_("This result is confirmed: take it back first."))
    if slot.state is not SlotState.COMPETED:
        slot.state = moved(SLOT_MOVES, slot.state, SlotState.COMPETED)
    if row is None:
        row = ProvincialResult(slot_id=slot.id, state=ResultState.RECORDED)
        slot.result = row
    for name, value in vars(facts).items():
        setattr(row, name, value)
    row.recorded_at, row.recorded_by_id, row.import_id = by.now, by.account_id, import_id
    db.session.add(row)
    db.session.flush()
    return row


@transaction
def record_absence(by: Actor, slot_id: int, *, reason: str) -> int:
    """Record that an entry did not start; return the slot's id."""
    slot = lock_slot(slot_id)
    check_open(slot.event.contest)
    check_reason(reason)
    put_absent(slot, reason)
    audits.record(by, "record_absence", "provincial_slot", slot_id, after={"reason": reason})
    return slot_id


def put_absent(slot: ProvincialSlot, reason: str) -> None:
    """Part: say that an entry did not start."""
    slot.state = moved(SLOT_MOVES, slot.state, SlotState.ABSENT)
    slot.reason = reason


@transaction
def take_back(by: Actor, slot_id: int, *, reason: str) -> int:
    """Take a result or an absence back, and revoke the titles that came of it."""
    slot = lock_slot(slot_id)
    check_open(slot.event.contest)
    check_reason(reason)
    before: dict[str, object] = {"state": slot.state}
    if slot.result is not None:
        before |= {"rank": slot.result.rank, "prize": slot.result.prize}
        drop_result(by, slot, reason)
    slot.state = moved(SLOT_MOVES, slot.state, SlotState.ENTERED)
    audits.record(by, "take_back", "provincial_slot", slot_id, before=before,
                  after={"reason": reason})  # fmt: skip
    return slot_id


def drop_result(by: Actor, slot: ProvincialSlot, reason: str) -> None:
    """Part: forget the result of a slot, and revoke the titles that came of it."""
    row = slot.result
    if row is None:
        return
    provincial_honours.take_away(by, row, reason)
    db.session.delete(row)
    slot.result = None
    db.session.flush()


@transaction
def confirm_results(by: Actor, contest_id: int, slot_ids: Iterable[int]) -> int:
    """Confirm results after a look at the paper, as another person than who recorded them.

    Titles and prizes go into the register of honours with it, under both names (R4.17, R8.05).
    """
    contest = provincial.locked(contest_id)
    check_open(contest)
    wanted = {*slot_ids}
    rows = [one for one in _recorded(contest_id) if one.slot_id in wanted]
    if not rows:
        raise Refused(N_("No recorded result waits for this confirmation."))
    if any(one.recorded_by_id == by.account_id for one in rows):
        raise Refused(N_("Somebody else must confirm this: you have recorded it."))
    for row in rows:
        row.state = moved(RESULT_MOVES, row.state, ResultState.CONFIRMED)
        row.confirmed_at, row.confirmed_by_id = by.now, by.account_id
    db.session.flush()
    titles = provincial_honours.give(by, contest, rows)
    if contest.state is ProvincialState.ENTERED and not _waiting(contest_id):
        contest.state = ProvincialState.HELD
    after = {"results": len(rows), "honours": titles}
    audits.record(by, "confirm_results", "provincial_contest", contest_id, after=after)
    return contest_id


def _recorded(contest_id: int) -> Sequence[ProvincialResult]:
    query = (
        select(ProvincialResult)
        .join(ProvincialSlot, ProvincialSlot.id == ProvincialResult.slot_id)
        .join(ProvincialEvent, ProvincialEvent.id == ProvincialSlot.event_id)
        .where(
            ProvincialEvent.contest_id == contest_id,
            ProvincialResult.state == ResultState.RECORDED,
        )
        .options(joinedload(ProvincialResult.slot).joinedload(ProvincialSlot.event))
        .order_by(ProvincialResult.id)
    )
    return db.session.scalars(query).unique().all()


def _waiting(contest_id: int) -> bool:
    """Say whether an entry has neither a confirmed result nor an absence."""
    query = (
        select(ProvincialSlot.id)
        .join(ProvincialEvent, ProvincialEvent.id == ProvincialSlot.event_id)
        .outerjoin(ProvincialResult, ProvincialResult.slot_id == ProvincialSlot.id)
        .where(
            ProvincialEvent.contest_id == contest_id,
            (ProvincialSlot.state == SlotState.ENTERED)
            | (ProvincialResult.state == ResultState.RECORDED),
        )
    )
    return db.session.execute(query.limit(1)).first() is not None


@dataclass(frozen=True)
class Line:
    """A line of the organiser's table of delegations, as typed."""

    delegation: str
    events: int
    gold: int = 0
    silver: int = 0
    bronze: int = 0
    medallion: int = 0
    given_rank: int | None = None
    is_own: bool = False


@transaction
def record_standings(
    by: Actor, contest_id: int, lines: Sequence[Line], teams: int | None, own_rank: int | None
) -> int:
    """Keep the organiser's table of delegations, or only the own place, instead of the last."""
    contest = provincial.locked(contest_id)
    check_open(contest)
    names = [one.delegation for one in lines]
    if len({*names}) < len(names) or sum(one.is_own for one in lines) > 1:
        raise Refused(N_("Each delegation stands there once, and one of them is ours."), "lines")
    if own_rank is not None and teams is not None and own_rank > teams:
        raise Refused(N_("The own place lies behind the number of delegations."), "own_rank")
    put_standings(by, contest, lines)
    contest.teams, contest.own_rank = teams, own_rank
    after = {"delegations": len(lines), "teams": teams, "own_rank": own_rank}
    audits.record(by, "record_standings", "provincial_contest", contest_id, after=after)
    return contest_id


def put_standings(by: Actor, contest: ProvincialContest, lines: Sequence[Line]) -> None:
    """Part: replace the table of delegations."""
    for row in list_standing_rows(contest.id):
        db.session.delete(row)
    db.session.flush()
    db.session.add_all(
        ProvincialStanding(contest_id=contest.id, recorded_at=by.now, **vars(one)) for one in lines
    )


def list_standing_rows(contest_id: int) -> Sequence[ProvincialStanding]:
    """List the lines of the organiser's table."""
    query = select(ProvincialStanding).where(ProvincialStanding.contest_id == contest_id)
    return db.session.scalars(query.order_by(ProvincialStanding.id)).all()


def table_of(contest: ProvincialContest) -> list[Standing]:
    """Return the table of delegations by medal points; without one only what we have ourselves."""
    worth = provincial.rules_of(contest).medal_points
    rows = list_standing_rows(contest.id)
    tallies = [Tally(one.delegation, one.events, _medals(one), one.is_own) for one in rows]
    if not tallies:
        tallies = [own_tally(contest)]
    return standings(tallies, worth)


def _medals(row: ProvincialStanding) -> Mapping[Medal, int]:
    return {
        Medal.GOLD: row.gold,
        Medal.SILVER: row.silver,
        Medal.BRONZE: row.bronze,
        Medal.MEDALLION: row.medallion,
    }


def own_tally(contest: ProvincialContest) -> Tally:
    """Count our own medals; a team counts once."""
    events = {one.id for one in contest.events}
    slots = list_slots(events, SENT)
    competed = [one for one in slots if one.state is SlotState.COMPETED]
    medals = counted(one.result.medal for one in competed if one.result is not None)
    title = contest.delegation_title
    return Tally(title, len({one.event_id for one in competed}), medals, is_own=True)
