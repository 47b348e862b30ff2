"""Entries that other installations send to a contest of our own: checked, taken over, undone."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryCoach
from models.people import Employer
from models.provincial import ProvincialImport
from models.provincial_delegations import ProvincialIntake
from rules.identity import IdKind
from rules.people import PersonFacts, TypedPerson, read_person
from rules.provincial import (
    IMPORT_MOVES,
    SIZES,
    ProvincialImportKind,
    ProvincialImportState,
)
from rules.provincial_exchange import EntriesFile, ExchangeEntry, ExchangePerson
from rules.refusals import Missing, Refused, check_reason
from rules.states import EntryState, EventState, moved
from rules.texts import N_
from services import audits, entries, people, provincial_exchange_signing
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
    content, signer = provincial_exchange_signing.opened(data, EntriesFile)
    made = ProvincialImport(
        kind=ProvincialImportKind.ENTRIES,
        contest_id=contest_id,
        filename=filename[:200],
        delegation=content.delegation,
        digest=hashlib.sha256(data).hexdigest(),
        signer=signer,
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
    """Find the event of the same title; codes alone mean something else in each installation."""
    fitting = [one for one in events if one.title == entry.event]
    if len(fitting) > 1:
        fitting = [one for one in fitting if one.code == entry.event_code]
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
    problem = provincial_exchange_signing.signer_problem(batch)
    if problem is not None:
        raise problem
    _check_number(batch, content)
    gone = [one.entry for one in missing(batch, content)]
    if not fresh and not gone:
        raise Refused(N_("This file brings nothing new that fits."))
    for entry in gone:
        entry.state = EntryState.WITHDRAWN
        entries.set_active(entry, False)
    db.session.flush()
    added = _add(by, batch, content.delegation, fresh) if fresh else []
    batch.before = {"entries": added, "withdrawn": [one.id for one in gone], "form": content.form}
    batch.settled_at, batch.settled_by_id = by.now, by.account_id
    after = {"entries": len(fresh), "withdrawn": len(gone)}
    audits.record(by, "confirm", SUBJECT, import_id, contest_id=batch.contest_id, after=after)
    return import_id


def _check_number(batch: ProvincialImport, content: EntriesFile) -> None:
    """Refuse a form older than one that was taken over: it would undo what came later."""
    query = select(ProvincialImport.before).where(
        ProvincialImport.contest_id == batch.contest_id,
        ProvincialImport.delegation == content.delegation,
        ProvincialImport.kind == ProvincialImportKind.ENTRIES,
        ProvincialImport.state == ProvincialImportState.CONFIRMED,
        ProvincialImport.id != batch.id,
    )
    last = max((one.get("form", 0) for one in db.session.scalars(query)), default=0)
    if content.form < last:
        text = N_("Form %(last)s of this delegation was taken over already; this is form %(form)s.")
        raise Refused(text, last=last, form=content.form)


def missing(batch: ProvincialImport, content: EntriesFile) -> list[ProvincialIntake]:
    """List known entries that a later form no longer names, where entries are still open."""
    named = {one.reference for one in content.entries}
    known = _known(batch.contest_id or 0, content.delegation)
    return [
        intake
        for reference, intake in known.items()
        if reference not in named
        and intake.entry.state is EntryState.ACCEPTED
        and intake.entry.event.state is EventState.REGISTERING
    ]


def _add(by: Actor, batch: ProvincialImport, delegation: str, rows: Sequence[Checked]) -> list[int]:
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
    return [*ids]


@transaction
def undo_entries(by: Actor, import_id: int, *, reason: str) -> int:
    """Undo a taken-over file: what it brought is withdrawn, what it withdrew stands again."""
    batch = locked_import(import_id)
    check_reason(reason)
    if batch.kind is not ProvincialImportKind.ENTRIES:
        raise Missing(import_id)
    batch.state = moved(IMPORT_MOVES, batch.state, ProvincialImportState.UNDONE)
    added = _locked_entries(batch.before["entries"])
    back = _locked_entries(batch.before["withdrawn"])
    if any(one.event.state is not EventState.REGISTERING for one in (*added, *back)):
        raise Refused(N_("An event of these entries was drawn already: withdraw them one by one."))
    for entry in added:
        if entry.state is not EntryState.WITHDRAWN:
            entry.state = EntryState.WITHDRAWN
            entries.set_active(entry, False)
    own = ProvincialIntake.import_id == import_id
    db.session.execute(delete(ProvincialIntake).where(own))
    db.session.flush()
    _bring_back(back)
    batch.reason, batch.settled_at, batch.settled_by_id = reason, by.now, by.account_id
    after = {"withdrawn": len(added), "standing": len(back), "reason": reason}
    audits.record(by, "undo", SUBJECT, import_id, contest_id=batch.contest_id, after=after)
    return import_id


def _locked_entries(ids: Sequence[int]) -> Sequence[Entry]:
    query = select(Entry).where(Entry.id.in_(ids)).order_by(Entry.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _bring_back(back: Sequence[Entry]) -> None:
    ids = [member.person_id for entry in back for member in entry.members]
    taken = people_entered([one.event_id for one in back], ids)
    for entry in back:
        if any((entry.event_id, one.person_id) in taken for one in entry.members):
            raise Refused(N_("Somebody of %(title)s was entered again meanwhile."),
                          title=entry.title)  # fmt: skip
        entry.state = EntryState.ACCEPTED
        entries.set_active(entry, True)


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
