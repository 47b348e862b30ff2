"""Entries that other installations send to a contest of our own, and the results they get back."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.awards import Award
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryCoach
from models.people import Employer
from models.provincial import ProvincialImport
from models.provincial_delegations import ProvincialIntake
from models.results import Result, Revision
from rules import provincial_exchange as exchange
from rules.identity import IdKind
from rules.people import PersonFacts, TypedPerson, read_person
from rules.provincial import (
    IMPORT_MOVES,
    SIZES,
    ProvincialImportKind,
    ProvincialImportState,
)
from rules.provincial_exchange import EntriesFile, ExchangeEntry, ExchangePerson, ResultsFile
from rules.provincial_imports import medal_of
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import EntryState, EventState, RevisionState, moved
from rules.texts import N_
from services import audits, entries, people
from services.acting import Actor
from services.entries_bulk import NewEntry, add_entries, people_entered
from services.provincial_histories import locked_import
from services.transaction import transaction

SUBJECT = "provincial_import"


@dataclass(frozen=True)
class Checked:
    """An entry of a file, the event and division it goes to, and what stands against it."""

    entry: ExchangeEntry
    event: Event | None
    division_id: int | None
    problems: tuple[Refused, ...]
    known: bool = False


@transaction
def preview_entries(by: Actor, contest_id: int, data: bytes, filename: str) -> int:
    """Keep the entries of another installation until somebody has looked at them."""
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise Missing(contest_id)
    content = exchange.read(data, EntriesFile)
    made = ProvincialImport(
        kind=ProvincialImportKind.ENTRIES,
        contest_id=contest_id,
        filename=filename[:200],
        delegation=content.delegation,
        digest=hashlib.sha256(data).hexdigest(),
        rows=content.model_dump(mode="json"),
        row_count=len(content.entries),
        before={},
        created_at=by.now,
        account_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    made.problem_count = sum(bool(one.problems) for one in checked(made, by))
    after = {"rows": made.row_count, "problems": made.problem_count, "digest": made.digest}
    audits.record(by, "preview", SUBJECT, made.id, contest_id=contest_id, after=after)
    return made.id


def content_of(batch: ProvincialImport) -> EntriesFile:
    """Read the entries of a kept file."""
    return EntriesFile.model_validate(batch.rows)


def checked(batch: ProvincialImport, by: Actor) -> list[Checked]:
    """Check every entry of a file as the contest is now; refusals stand at their entry."""
    content = content_of(batch)
    query = select(Event).where(Event.contest_id == batch.contest_id)
    events = db.session.scalars(query.options(joinedload(Event.divisions))).unique().all()
    known = _known(batch.contest_id or 0, content.delegation)
    numbers = [one.id_number for entry in content.entries for one in entry.members]
    indexes = {number: people.person_index(number) for number in numbers}
    persons = people.known_people(indexes.values())
    taken = people_entered([one.id for one in events], [one.id for one in persons.values()])
    found = []
    for entry in content.entries:
        event = _event(events, entry)
        ids = [persons[indexes[one.id_number]].id for one in entry.members
               if indexes[one.id_number] in persons]  # fmt: skip
        is_known = entry.reference in known
        blocked = event is not None and any((event.id, one) in taken for one in ids)
        problems = _problems(entry, event, by) if not is_known else []
        if blocked and not is_known:
            problems.append(Refused(N_("This person is entered in this event already.")))
        division = None if event is None else _division(event, entry)
        if event is not None and division is None:
            problems.append(Refused(N_("That event has no such division.")))
        found.append(Checked(entry, event, division, tuple(problems), is_known))
    return found


def _known(contest_id: int, delegation: str) -> dict[str, ProvincialIntake]:
    query = select(ProvincialIntake).where(
        ProvincialIntake.contest_id == contest_id, ProvincialIntake.delegation == delegation
    )
    return {one.reference: one for one in db.session.scalars(query)}


def _event(events: Iterable[Event], entry: ExchangeEntry) -> Event | None:
    fitting = [one for one in events if one.title == entry.event]
    fitting = fitting or [one for one in events if one.code == entry.event_code]
    return fitting[0] if len(fitting) == 1 else None


def _division(event: Event, entry: ExchangeEntry) -> int | None:
    if len(event.divisions) == 1:
        return event.divisions[0].id
    codes = {one.code: one.id for one in event.divisions}
    return codes.get(entry.status.value)


def _problems(entry: ExchangeEntry, event: Event | None, by: Actor) -> list[Refused]:
    problems: list[Refused] = []
    if event is None:
        problems.append(Refused(N_("This contest has no event of that name.")))
    else:
        if event.state is not EventState.REGISTERING:
            problems.append(Refused(N_("Entries of this event are not open.")))
        if len(entry.members) > event.team_size or SIZES[entry.format] != event.team_size:
            problems.append(
                Refused(N_("The format of the event asks for another number of people."))
            )
    for one in entry.members:
        problems += read_person(_typed(one), by.today)[1]
    return problems


def _typed(one: ExchangePerson) -> TypedPerson:
    return TypedPerson(
        one.name, one.id_kind, one.id_number, one.phone, birth_date=one.birth_date, sex=one.sex
    )


@transaction
def take_entries(by: Actor, import_id: int) -> int:
    """Take over all entries that fit; those a later form no longer names are withdrawn."""
    batch = locked_import(import_id)
    if batch.kind is not ProvincialImportKind.ENTRIES:
        raise Missing(import_id)
    batch.state = moved(IMPORT_MOVES, batch.state, ProvincialImportState.CONFIRMED)
    rows = checked(batch, by)
    fresh = [one for one in rows if not one.problems and not one.known]
    content = content_of(batch)
    gone = _withdraw_missing(batch, content)
    if not fresh and not gone:
        raise Refused(N_("This file brings nothing new that fits."))
    if fresh:
        _add(by, batch, content.delegation, fresh)
    batch.settled_at, batch.settled_by_id = by.now, by.account_id
    after = {"entries": len(fresh), "withdrawn": gone}
    audits.record(by, "confirm", SUBJECT, import_id, contest_id=batch.contest_id, after=after)
    return import_id


def _withdraw_missing(batch: ProvincialImport, content: EntriesFile) -> int:
    named = {one.reference for one in content.entries}
    gone = 0
    for reference, intake in _known(batch.contest_id or 0, content.delegation).items():
        entry = intake.entry
        if reference not in named and entry.state is EntryState.ACCEPTED:
            entry.state = EntryState.WITHDRAWN
            entries.set_active(entry, False)
            gone += 1
    db.session.flush()
    return gone


def _add(by: Actor, batch: ProvincialImport, delegation: str, rows: Sequence[Checked]) -> None:
    events = {one.event.id: one.event.code for one in rows if one.event is not None}
    list(db.session.scalars(select(Event).where(Event.id.in_(events)).with_for_update()))
    employers = _employers(by, {one.entry.employer for one in rows})
    made = []
    for one in rows:
        assert one.event is not None and one.division_id is not None  # checked
        employer = employers.get(one.entry.employer)
        ids = people.bulk_people(by, [(_facts(p, by), employer) for p in one.entry.members])
        title = people.entry_title(p.name for p in one.entry.members)
        made.append(
            NewEntry(one.event.id, one.division_id, employer, title, tuple(ids),
                     EntryState.ACCEPTED)
        )  # fmt: skip
    ids = add_entries(by, events, made)
    for row, entry_id in zip(rows, ids, strict=True):
        db.session.add(
            ProvincialIntake(
                contest_id=batch.contest_id,
                import_id=batch.id,
                reference=row.entry.reference,
                delegation=delegation,
                entry_id=entry_id,
            )
        )
        coaches = people.bulk_people(by, [(_facts(p, by), None) for p in row.entry.coaches])
        db.session.add_all(
            EntryCoach(entry_id=entry_id, person_id=key, position=place)
            for place, key in enumerate(dict.fromkeys(coaches), start=1)
        )


def _facts(one: ExchangePerson, by: Actor) -> PersonFacts:
    facts, _ = read_person(_typed(one), by.today)
    if facts is None:  # a coach whose phone is not known
        facts = PersonFacts(one.name, IdKind(one.id_kind), one.id_number, one.phone or None)
    return facts


def _employers(by: Actor, titles: Iterable[str]) -> Mapping[str, int]:
    wanted = [one for one in titles if one]
    query = select(Employer.title, Employer.id).where(Employer.title.in_(wanted))
    found = {title: key for title, key in db.session.execute(query)}
    for title in wanted:
        if title not in found:
            row = Employer(title=title, created_at=by.now)
            db.session.add(row)
            db.session.flush()
            found[title] = row.id
    return found


def results_file(contest_id: int, delegation: str, document: str = "") -> bytes:
    """Return the final results of a delegation's entries as an exchange file."""
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise Missing(contest_id)
    query = (
        select(ProvincialIntake.reference, Entry.title, Result, Award.tier_title)
        .join(Entry, Entry.id == ProvincialIntake.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Revision, (Revision.event_id == Event.id) & (Revision.state == RevisionState.SIGNED))
        .join(Result, (Result.revision_id == Revision.id) & (Result.entry_id == Entry.id))
        .outerjoin(Award, (Award.revision_id == Revision.id) & (Award.entry_id == Entry.id))
        .where(
            ProvincialIntake.contest_id == contest_id,
            ProvincialIntake.delegation == delegation,
            Event.state == EventState.FINAL,
        )
        .order_by(ProvincialIntake.id)
    )
    found = [
        exchange.ExchangeResult(
            reference=reference,
            name=name,
            rank=result.rank,
            total=result.total,
            medal=medal_of(tier or ""),
            prize=tier or "",
            absent=result.status is not EntryStatus.COMPETED,
        )
        for reference, name, result, tier in db.session.execute(query)
    ]
    if not found:
        raise Refused(N_("No entry of this delegation has a final result yet."))
    content = ResultsFile(
        contest_code=contest.code,
        contest=contest.title,
        delegation=delegation,
        document=document,
        results=tuple(found),
    )
    return exchange.written(content)


def list_delegations(contest_id: int) -> Sequence[str]:
    """List the delegations that sent entries to a contest."""
    query = select(ProvincialIntake.delegation).where(ProvincialIntake.contest_id == contest_id)
    return db.session.scalars(query.distinct().order_by(ProvincialIntake.delegation)).all()
