"""Meetings of a panel or committee: who was there, what was resolved, and who confirmed it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select

from models.accounts import Account
from models.database import db
from models.selection_reviews import SelectionMeeting
from rules.refusals import Missing, Refused
from rules.selections import RoundState
from rules.texts import N_
from services import audits, selection_files, selections
from services.acting import Actor
from services.selection_files import Keeper, Room
from services.selection_reviews import find_seat
from services.transaction import STALE, transaction

GOING = (RoundState.OPEN, RoundState.REVIEW, RoundState.PROPOSED)


@dataclass(frozen=True)
class MeetingFacts:
    """What the minutes of a meeting say."""

    title: str
    held_on: date
    place: str
    chair: str
    members: int
    present: int
    people: str
    minutes: str


@transaction
def record_meeting(by: Actor, round_id: int, facts: MeetingFacts) -> int:
    """Write the minutes of a meeting; they count once a second person has confirmed them."""
    _check(by, round_id, facts)
    last = select(func.max(SelectionMeeting.number)).where(SelectionMeeting.round_id == round_id)
    row = SelectionMeeting(
        round_id=round_id,
        number=(db.session.scalar(last) or 0) + 1,
        **asdict(facts),
        recorded_at=by.now,
        recorded_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    _record(by, "record_meeting", row)
    return row.id


@transaction
def edit_meeting(by: Actor, meeting_id: int, facts: MeetingFacts, version: int | None) -> int:
    """Change minutes that nobody has confirmed yet; who changes them last cannot confirm them."""
    row = _locked(meeting_id)
    _check(by, row.round_id, facts)
    _check_open(row)
    if version is not None and version != row.version:
        raise Refused(STALE)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    row.recorded_at, row.recorded_by_id = by.now, by.account_id
    _record(by, "edit_meeting", row)
    return meeting_id


@transaction
def confirm_meeting(by: Actor, meeting_id: int) -> int:
    """Confirm, as a second person, that the minutes are true; they don't change afterwards."""
    row = _locked(meeting_id)
    _check_open(row)
    if row.recorded_by_id == by.account_id:
        raise Refused(N_("Somebody else must confirm this: you have recorded it."))
    row.confirmed_at, row.confirmed_by_id = by.now, by.account_id
    _record(by, "confirm_meeting", row)
    return meeting_id


def _check(by: Actor, round_id: int, facts: MeetingFacts) -> None:
    if selections.lock_round(round_id).state not in GOING:
        raise Refused(N_("This step is not possible in the present state."))
    if facts.held_on > by.today:
        raise Refused(N_("The meeting lies in the future."), "held_on")
    if not 0 <= facts.present <= facts.members:
        raise Refused(N_("More people were present than there are members."), "present")


def _check_open(row: SelectionMeeting) -> None:
    if row.confirmed_at is not None:
        raise Refused(N_("These minutes are confirmed; they don't change any more."))


def _record(by: Actor, action: str, row: SelectionMeeting) -> None:
    db.session.flush()
    after = {"number": row.number, "held_on": row.held_on, "present": row.present}
    audits.record(by, action, "selection_meeting", row.id, after=after)


def _locked(meeting_id: int) -> SelectionMeeting:
    row = db.session.get(SelectionMeeting, meeting_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(meeting_id)
    return row


def get_meeting(meeting_id: int) -> SelectionMeeting:
    """Return a meeting; raise Missing."""
    row = db.session.get(SelectionMeeting, meeting_id)
    if row is None:
        raise Missing(meeting_id)
    return row


def list_meetings(round_id: int) -> Sequence[SelectionMeeting]:
    """List the meetings of a round, the first one first."""
    query = select(SelectionMeeting).where(SelectionMeeting.round_id == round_id)
    return db.session.scalars(query.order_by(SelectionMeeting.number)).all()


def _room(_by: Actor, meeting_id: int, _rule: str) -> Room:
    row = _locked(meeting_id)
    _check_open(row)
    return Room(row.round_id)


def _reads(account: Account, meeting_id: int) -> bool:
    return find_seat(account.id, get_meeting(meeting_id).round_id) is not None


selection_files.register("minutes", Keeper(_room, [_reads], "selection_meeting"))
