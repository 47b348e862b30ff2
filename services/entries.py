"""Entries: who starts in which event. Enter, change, withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload, selectinload

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry, EntryCoach, EntryMember
from models.people import Employer, Person
from rules.eligibility import Window
from rules.people import PersonFacts, TypedPerson
from rules.refusals import Missing, Refused
from rules.states import ENTRY_MOVES, EntryState, moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.entries_bulk import NewEntry, add_entries, people_entered
from services.entries_checks import ALREADY, checked_members
from services.entries_coaches import set_coaches
from services.people import bulk_people, entry_title, find_person
from services.transaction import STALE, transaction

NO_EMPLOYER = N_("Your account belongs to no employer yet. Ask the organizer.")
OTHER_ACCOUNT = N_(
    "This ID number is registered already. Ask the organizer to connect it with your account."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """On whose behalf somebody enters: the organizer, an employer, or a contestant for himself."""

    is_official: bool = False
    is_contestant: bool = False
    employer_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed into the form of an entry.

    A member without a number is the one who stands at that place already. Without coaches at all
    those of the entry stay.
    """

    division_id: int | None
    members: tuple[TypedPerson, ...]
    employer_id: int | None = None
    coaches: tuple[TypedPerson, ...] | None = None


def get_entry(entry_id: int) -> Entry:
    """Return an entry with its event, division, employer and members; raise Missing."""
    query = (
        select(Entry)
        .options(
            joinedload(Entry.event).options(
                defer(Event.scheme), defer(Event.plan), joinedload(Event.contest)
            ),
            joinedload(Entry.division),
            joinedload(Entry.employer),
            selectinload(Entry.members).joinedload(EntryMember.person),
            selectinload(Entry.coaches).joinedload(EntryCoach.person),
        )
        .where(Entry.id == entry_id)
    )
    entry = db.session.scalar(query)
    if entry is None:
        raise Missing(entry_id)
    return entry


def list_accepted(event_id: int) -> list[Entry]:
    """List the accepted entries of an event by number, with members, division and employer."""
    query = (
        select(Entry)
        .options(
            joinedload(Entry.division),
            joinedload(Entry.employer),
            selectinload(Entry.members).joinedload(EntryMember.person),
        )
        .where(Entry.event_id == event_id, Entry.state == EntryState.ACCEPTED)
        .order_by(Entry.number)
    )
    return list(db.session.scalars(query))


def window_of(event: Event, is_official: bool) -> Window:
    """Return what decides whether entries of an event are open to somebody."""
    contest = event.contest
    return Window(
        contest.state, event.state, contest.entry_opens_on, contest.entry_closes_on, is_official
    )


@transaction
def enter(by: Actor, event_id: int, standing: Standing, draft: Draft) -> int:
    """Enter one person or team in an event; the entry waits for its review (R1.27)."""
    event = _locked_event(event_id)
    _refuse(window_of(event, standing.is_official).problem(by.today))
    division_id, employer_id = _division(event, draft), _employer(standing, draft)
    facts = checked_members(by, event, _with_self(standing, draft.members))
    _refuse_without_owner(standing, facts[0])
    people = bulk_people(by, [(each, employer_id) for each in facts])
    title = entry_title(each.name for each in facts)
    row = NewEntry(event.id, division_id, employer_id, title, tuple(people))
    entry_id = add_entries(by, {event.id: event.code}, [row])[0]
    _keep_own_person(by, standing, people[0])
    if draft.coaches:
        set_coaches(by, db.session.get_one(Entry, entry_id), draft.coaches)
    after = {"division": division_id, "employer": employer_id, "people": people}
    audits.record(by, "enter", "entry", entry_id, contest_id=event.contest_id, after=after)
    return entry_id


@transaction
def edit(by: Actor, entry_id: int, standing: Standing, version: int | None, draft: Draft) -> int:
    """Change an entry; a returned one is handed in again by that."""
    entry = _locked_entry(entry_id)
    _refuse(window_of(entry.event, standing.is_official).edit_problem(entry.state, by.today))
    if version != entry.version:
        raise Refused(STALE)
    division_id, before = _division(entry.event, draft), _shown(entry)
    employer_id = draft.employer_id if standing.is_official else entry.employer_id
    _refuse_unknown_employer(employer_id)
    stored = [member.person for member in entry.members]
    members = _with_stored(stored, _with_self(standing, draft.members, stored))
    facts = checked_members(by, entry.event, members, own_entry=entry.id)
    people = bulk_people(by, [(each, employer_id) for each in facts])
    _set_members(entry, people)
    if draft.coaches is not None:
        set_coaches(by, entry, draft.coaches)
    entry.title = entry_title(each.name for each in facts)
    entry.division_id, entry.employer_id = division_id, employer_id
    was_returned = entry.state is EntryState.RETURNED
    if was_returned:
        entry.state, entry.remark = EntryState.SUBMITTED, ""
        entry.submitted_at, entry.submitted_by_id = by.now, by.account_id
    db.session.flush()
    _record(by, "submit" if was_returned else "edit", entry, before)
    return entry_id


@transaction
def withdraw(by: Actor, entry_id: int, standing: Standing) -> int:
    """Take an entry back while the list is being made; its people become free again."""
    entry = _locked_entry(entry_id)
    if not window_of(entry.event, standing.is_official).is_registering:
        raise Refused(N_("The list of this event is closed. Ask the organizer."))
    before = _shown(entry)
    entry.state = moved(ENTRY_MOVES, entry.state, EntryState.WITHDRAWN)
    set_active(entry, False)
    _record(by, "withdraw", entry, before)
    return entry_id


@transaction
def enter_again(by: Actor, entry_id: int, standing: Standing) -> int:
    """Hand in a withdrawn entry again as it was."""
    entry = _locked_entry(entry_id)
    _refuse(window_of(entry.event, standing.is_official).problem(by.today))
    before = _shown(entry)
    entry.state = moved(ENTRY_MOVES, entry.state, EntryState.SUBMITTED)
    entry.submitted_at, entry.submitted_by_id = by.now, by.account_id
    if people_entered([entry.event_id], [member.person_id for member in entry.members]):
        raise Refused(ALREADY)
    set_active(entry, True)
    db.session.flush()
    _record(by, "submit", entry, before)
    return entry_id


def set_active(entry: Entry, active: bool) -> None:
    """Part: let the members of an entry hold their place in the event, or leave it."""
    for member in entry.members:
        member.active = active


def _refuse(problem: Refused | None) -> None:
    if problem is not None:
        raise problem


def _locked_event(event_id: int) -> Event:
    """Lock an event, so that numbers are given out one after the other."""
    event = db.session.get(Event, event_id, with_for_update=True)
    if event is None:
        raise Missing(event_id)
    return event


def _locked_entry(entry_id: int) -> Entry:
    entry = db.session.get(Entry, entry_id, with_for_update=True)
    if entry is None:
        raise Missing(entry_id)
    return entry


def _division(event: Event, draft: Draft) -> int:
    if draft.division_id not in {division.id for division in event.divisions}:
        raise Refused(N_("Choose a division."), "division_id")
    return int(draft.division_id)


def _employer(standing: Standing, draft: Draft) -> int | None:
    if standing.is_official:
        _refuse_unknown_employer(draft.employer_id)
        return draft.employer_id
    if standing.employer_id is not None:
        return standing.employer_id
    if standing.person_id is None:
        return None
    person = db.session.get(Person, standing.person_id)
    return None if person is None else person.employer_id


def _refuse_unknown_employer(employer_id: int | None) -> None:
    if employer_id is not None and db.session.get(Employer, employer_id) is None:
        raise Refused(N_("Choose an employer from the list."), "employer_id")


def _with_self(
    standing: Standing, typed: Sequence[TypedPerson], stored: Sequence[Person] = ()
) -> list[TypedPerson]:
    """Put the stored identity of a contestant at his place: he enters himself."""
    members = list(typed)
    if standing.is_contestant and standing.person_id is not None and members:
        person = db.session.get(Person, standing.person_id)
        if person is None:
            raise Missing(standing.person_id)
        place = stored.index(person) if person in stored else 0
        members[place] = _identified(members[place], person, person.name)
    return members


def _identified(typed: TypedPerson, person: Person, name: str) -> TypedPerson:
    return replace(
        typed,
        name=name,
        id_kind=person.id_kind,
        id_number=person.id_number,
        birth_date=person.birth_date,
        sex=person.sex,
    )


def _with_stored(stored: Sequence[Person], typed: Sequence[TypedPerson]) -> list[TypedPerson]:
    """Fill in the identity of members who stay where they are."""
    return [
        _identified(each, stored[place], each.name)
        if place < len(stored) and not each.id_number.strip()
        else each
        for place, each in enumerate(typed)
    ]


def _refuse_without_owner(standing: Standing, facts: PersonFacts) -> None:
    """Refuse an account that stands for nobody, and one that claims a person already known."""
    if standing.is_official or standing.employer_id or standing.person_id:
        return
    if not standing.is_contestant:
        raise Refused(NO_EMPLOYER)
    if find_person(facts.id_number) is not None:
        raise Refused(OTHER_ACCOUNT, "members-0-id_number")


def _keep_own_person(by: Actor, standing: Standing, person_id: int) -> None:
    """Tie a contestant's account to the person whom it entered first."""
    if not standing.is_contestant or standing.person_id is not None:
        return
    account = db.session.get(Account, by.account_id, with_for_update=True)
    if account is not None:
        account.person_id = person_id
        db.session.flush()


def _set_members(entry: Entry, people: Sequence[int]) -> None:
    if [member.person_id for member in entry.members] == list(people):
        return
    entry.members.clear()
    db.session.flush()  # the old rows go first: two members may change places
    entry.members.extend(
        EntryMember(event_id=entry.event_id, person_id=person_id, position=place)
        for place, person_id in enumerate(people, start=1)
    )


def _shown(entry: Entry) -> dict[str, object]:
    return {
        "state": entry.state,
        "division": entry.division_id,
        "employer": entry.employer_id,
        "people": [member.person_id for member in entry.members],
        "coaches": [coach.person_id for coach in entry.coaches],
    }


def _record(by: Actor, action: str, entry: Entry, before: dict[str, object]) -> None:
    contest_id, after = entry.event.contest_id, _shown(entry)
    audits.record(by, action, "entry", entry.id, contest_id=contest_id, before=before, after=after)
