"""Entry forms for the organiser: what is lacking, made in its layout, frozen as sent (R1.27)."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from models.database import db
from models.honours import Honour
from models.people import Person
from models.provincial import ProvincialContest, ProvincialEvent, ProvincialSlot
from models.provincial_delegations import (
    ProvincialDelegation,
    ProvincialForm,
    ProvincialLayout,
    ProvincialMember,
)
from rules.data import InvalidRules
from rules.documents import day_text
from rules.provincial import (
    PROVINCIAL_MOVES,
    SIZES,
    SLOT_MOVES,
    FormKind,
    MemberRole,
    ProvincialState,
    SlotState,
)
from rules.provincial_forms import (
    FORM_FIELDS,
    FORMAT_WORDS,
    SEX_WORDS,
    STATUS_WORDS,
    digest_of,
    is_digits,
    lines_of,
    rows_for,
)
from rules.provincial_rules import (
    Entrant,
    FormColumn,
    FormField,
    Place,
    ProvincialRules,
    out_of_competition,
    place_problems,
)
from rules.refusals import Missing, Refused
from rules.states import HonourState, moved
from rules.texts import N_
from services import audits, files, provincial
from services.acting import ZONE, Actor
from services.documents_filling import Imprint, filled
from services.files import StoredFile
from services.provincial_delegations_layouts import approved, bytes_of
from services.provincial_slots import list_slots
from services.transaction import STALE, transaction
from services.workbooks import Column
from services.workbooks_writing import write_table

SUBJECT = "provincial_form"
GOING = (SlotState.NAMED, SlotState.ENTERED)


def lacks(contest: ProvincialContest, by: Actor) -> list[Refused]:
    """Return everything that is lacking before the form can be sent, all at once."""
    slots = list_slots([one.id for one in contest.events], GOING)
    return [*_contest_lacks(contest, slots), *_place_lacks(contest, slots, by)]


def _contest_lacks(
    contest: ProvincialContest, slots: Sequence[ProvincialSlot]
) -> Iterable[Refused]:
    if not slots:
        yield Refused(N_("Nobody is named for this contest yet."))
    if not contest.delegation_title:
        yield Refused(N_("The delegation has no name."))
    if leader_of(contest.id) is None:
        yield Refused(N_("The delegation has no leader."))
    for event in contest.events:
        count = sum(one.event_id == event.id for one in slots)
        if count > event.quota:
            text = N_("%(event)s: %(count)s are named, but the quota is %(quota)s.")
            yield Refused(text, event=event.title, count=count, quota=event.quota)


def _place_lacks(
    contest: ProvincialContest, slots: Sequence[ProvincialSlot], by: Actor
) -> Iterable[Refused]:
    rules = provincial.rules_of(contest)
    entrants = _entrants(rules, slots)
    for slot in slots:
        event = slot.event
        people = entrants[slot.id]
        place = Place(event.title, event.format, people, len(slot.coaches), event.division)
        yield from place_problems(rules, place, SIZES[event.format], by.today)


def _entrants(rules: ProvincialRules, slots: Sequence[ProvincialSlot]) -> dict[int, list[Entrant]]:
    people = [one.person_id for slot in slots for one in slot.members if one.person_id]
    titles = _titles(people, rules.barred_titles)
    return {
        slot.id: [
            Entrant(
                one.full_name,
                None if one.person is None else one.person.birth_date,
                slot.status,
                titles.get(one.person_id or 0, frozenset()),
                people.count(one.person_id or 0),
                {FormField(key): text for key, text in values_of(slot, one.person).items()},
            )
            for one in slot.members
        ]
        for slot in slots
    }


def _titles(people: Iterable[int], titles: Iterable[str]) -> dict[int, frozenset[str]]:
    """Return which of these titles people bear in the register."""
    query = select(Honour.person_id, Honour.title).where(
        Honour.person_id.in_([*people]),
        Honour.title.in_([*titles]),
        Honour.state == HonourState.STANDING,
    )
    found: dict[int, set[str]] = {}
    for person, title in db.session.execute(query):
        found.setdefault(person, set()).add(title)
    return {key: frozenset(one) for key, one in found.items()}


def values_of(slot: ProvincialSlot, person: Person | None) -> dict[str, str]:
    """Return what a form says of one entrant, by the names of the fields."""
    event = slot.event
    coaches = [one.person for one in slot.coaches]
    born = None if person is None else person.birth_date
    level = None if person is None else person.held_level
    return {
        FormField.EVENT.value: event.title,
        FormField.FORMAT.value: FORMAT_WORDS[event.format],
        FormField.NAME.value: slot.title if person is None else person.name,
        FormField.SEX.value: SEX_WORDS.get((person and person.sex) or "", ""),
        FormField.BIRTH_DATE.value: "" if born is None else born.isoformat(),
        FormField.ID_NUMBER.value: "" if person is None else person.id_number,
        FormField.PHONE.value: (person and person.phone) or "",
        FormField.EMPLOYER.value: "" if slot.employer is None else slot.employer.title,
        FormField.STATUS.value: STATUS_WORDS[slot.status],
        FormField.OCCUPATION.value: event.occupation or event.title,
        FormField.LEVEL.value: "" if level is None else f"{'一二三四五'[level - 1]}级",
        FormField.COACHES.value: "、".join(one.name for one in coaches),
        FormField.COACH_PHONES.value: "、".join(one.phone for one in coaches if one.phone),
        FormField.REFERENCE.value: slot.reference,
        FormField.REMARK.value: "",
    }


def leader_of(contest_id: int) -> ProvincialMember | None:
    """Return the leader of a contest's delegation."""
    query = (
        select(ProvincialMember)
        .join(ProvincialDelegation, ProvincialDelegation.id == ProvincialMember.delegation_id)
        .where(
            ProvincialDelegation.contest_id == contest_id,
            ProvincialMember.role == MemberRole.LEADER,
        )
    )
    return db.session.scalar(query)


def facts_of(
    contest: ProvincialContest, slots: Sequence[ProvincialSlot], number: int, reason: str, by: Actor
) -> dict[str, Any]:
    """Return what a form says, ready to be filled in and to be frozen."""
    leader = leader_of(contest.id)
    places = [_place(slot) for slot in slots]
    return {
        "contest": contest.title,
        "code": contest.code,
        "document": contest.document,
        "delegation": contest.delegation_title,
        "leader": "" if leader is None else leader.name,
        "leader_phone": "" if leader is None else leader.phone or "",
        "number": str(number),
        "reason": reason,
        "date": day_text(by.today),
        "events": str(len({slot.event_id for slot in slots})),
        "people": str(sum(len(slot.members) for slot in slots)),
        "places": places,
    }


def _place(slot: ProvincialSlot) -> dict[str, Any]:
    coaches = [
        {"name": one.person.name, "id_kind": one.person.id_kind,
         "id_number": one.person.id_number, "phone": one.person.phone or ""}
        for one in slot.coaches
    ]  # fmt: skip
    return {
        "reference": slot.reference,
        "event_code": slot.event.code,
        "event": slot.event.title,
        "format": slot.event.format.value,
        "status": slot.status.value,
        "id_kinds": [one.person.id_kind if one.person else "" for one in slot.members],
        "people": [values_of(slot, one.person) for one in slot.members],
        "coaches": coaches,
    }


def word_of(facts: Mapping[str, Any], template: bytes, by: Actor) -> bytes:
    """Return the form as a Word file in the organiser's layout."""
    given = {one.key: facts[one.key] for one in FORM_FIELDS if not one.rows}
    given["lines"] = lines_of(facts["places"])
    title = f"{facts['contest']}参赛报名表（第{facts['number']}号）"
    imprint = Imprint(title, facts["delegation"], by.now.astimezone(ZONE))
    return filled(template, FORM_FIELDS, given, imprint)


def table_of(facts: Mapping[str, Any], columns: Sequence[FormColumn]) -> bytes:
    """Return the form as a spreadsheet with the organiser's columns."""
    shown = [
        Column(str(place), (one.heading,), kind="digits" if is_digits(one.field) else "text")
        for place, one in enumerate(columns)
    ]
    notes = [f"{facts['contest']}　{facts['delegation']}　第{facts['number']}号　{facts['date']}"]
    return write_table(shown, rows_for(columns, lines_of(facts["places"])), "报名表", notes)


def send_form(by: Actor, contest_id: int, folder: Path) -> int:
    """Make the first form, freeze it as sent, and enter all who are named; return its id."""
    contest = provincial.get_contest(contest_id)
    slots = list_slots([one.id for one in contest.events], (SlotState.NAMED,))
    problems = lacks(contest, by)
    if problems:
        raise InvalidRules(problems)
    facts = facts_of(contest, slots, 1, "", by)
    layout = approved(contest_id)
    word = word_of(facts, bytes_of(layout, folder), by)
    table = table_of(facts, provincial.rules_of(contest).columns)
    with files.keeping(folder) as keep:
        return record_form(by, contest_id, facts, layout, (keep(word), keep(table)))


@transaction
def record_form(
    by: Actor,
    contest_id: int,
    facts: dict[str, Any],
    layout: ProvincialLayout | None,
    kept: tuple[StoredFile, StoredFile],
) -> int:
    """Freeze the first form whose files are kept, if nothing has changed while they were made."""
    contest = provincial.locked(contest_id)
    slots = list_slots([one.id for one in contest.events], (SlotState.NAMED,))
    if facts != facts_of(contest, slots, 1, "", by):
        raise Refused(STALE)
    if contest.entry_until is not None and by.today > contest.entry_until:
        raise Refused(N_("Entries closed on %(day)s."), day=contest.entry_until.isoformat())
    contest.state = moved(PROVINCIAL_MOVES, contest.state, ProvincialState.ENTERED)
    row = add_form(by, contest_id, FormKind.FIRST, facts, layout, kept)
    rules = provincial.rules_of(contest)
    entrants = _entrants(rules, slots)
    for slot in slots:
        slot.state = moved(SLOT_MOVES, slot.state, SlotState.ENTERED)
        slot.in_competition = not any(out_of_competition(rules, one) for one in entrants[slot.id])
    after = {"number": 1, "places": len(slots), "digest": row.digest}
    audits.record(by, "send", SUBJECT, row.id, after=after)
    return row.id


def add_form(
    by: Actor,
    contest_id: int,
    kind: FormKind,
    facts: Mapping[str, Any],
    layout: ProvincialLayout | None,
    kept: tuple[StoredFile, StoredFile],
) -> ProvincialForm:
    """Part: freeze a form as sent."""
    word, table = kept
    row = ProvincialForm(
        contest_id=contest_id,
        number=int(facts["number"]),
        kind=kind,
        facts=facts,
        digest=digest_of(facts),
        places=len(facts["places"]),
        layout_id=None if layout is None else layout.id,
        reason=facts["reason"],
        sent_at=by.now,
        sent_by_id=by.account_id,
        word_key=word.key,
        word_sha256=word.sha256,
        table_key=table.key,
        table_sha256=table.sha256,
    )
    db.session.add(row)
    db.session.flush()
    return row


def next_number(contest_id: int) -> int:
    """Return the number of the next form."""
    last = select(func.max(ProvincialForm.number)).where(ProvincialForm.contest_id == contest_id)
    return (db.session.scalar(last) or 0) + 1


def list_forms(contest_id: int) -> Sequence[ProvincialForm]:
    """List what was sent, the newest first."""
    query = select(ProvincialForm).where(ProvincialForm.contest_id == contest_id)
    return db.session.scalars(query.order_by(ProvincialForm.number.desc())).all()


def get_form(form_id: int) -> ProvincialForm:
    """Return a form as sent; raise Missing."""
    row = db.session.get(ProvincialForm, form_id)
    if row is None:
        raise Missing(form_id)
    return row


def is_intact(row: ProvincialForm) -> bool:
    """Say whether a form is still what was sent."""
    return digest_of(row.facts) == row.digest


def file_of(row: ProvincialForm, kind: str, folder: Path) -> bytes:
    """Return the Word file or the spreadsheet of a form as sent."""
    if kind == "word":
        return files.read(folder, row.word_key, row.word_sha256)
    return files.read(folder, row.table_key, row.table_sha256)


@transaction
def record_form_download(by: Actor, form_id: int) -> int:
    """Record that somebody took a copy of a form, by its digest."""
    row = get_form(form_id)
    audits.record(by, "download", SUBJECT, form_id, after={"digest": row.digest})
    return form_id


def event_ids(contest_id: int) -> list[int]:
    """Return the ids of a contest's events."""
    query = select(ProvincialEvent.id).where(ProvincialEvent.contest_id == contest_id)
    return [*db.session.scalars(query)]


def list_keys() -> set[str]:
    """List the keys of all forms as sent, so that none of them is swept away."""
    rows = db.session.execute(select(ProvincialForm.word_key, ProvincialForm.table_key))
    return {key for row in rows for key in row}
