"""The register of honours: filled from final results, from elsewhere by two people, revoked."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import joinedload

from models.awards import Award, AwardHonour
from models.certificates import Certificate
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.honours import Honour
from models.people import Employer, Person
from models.results import Revision
from models.selections import SelectionRound
from rules.editions import ContestKind
from rules.honours import (
    Facts,
    HonourKind,
    HonourLevel,
    HonourSource,
    HonourVia,
    facts_problems,
    is_at_least,
)
from rules.refusals import Missing, Refused
from rules.selections import UnitKind
from rules.states import (
    HONOUR_MOVES,
    CertificateState,
    EventState,
    HonourState,
    RevisionState,
    moved,
)
from rules.texts import N_
from services import (
    appeals_holds,
    audits,
    certificates,
    certificates_issuing,
    objections_holds,
    payouts_changes,
    selection_holders_terms,
    selections_holds,
)
from services.acting import Actor
from services.transaction import transaction

# What stands in the place of an award once and for all.
KEPT = (HonourState.STANDING, HonourState.REVOKED)
STAFF = "staff"


@dataclass(frozen=True)
class _Due:
    """One honour that final results give to one person."""

    person_id: int
    title: str
    kind: HonourKind
    granted_by: str
    row: Any


@transaction
def bring_up(by: Actor, contest_id: int) -> int:
    """Bring the register up to date with the final results of a contest; return its id.

    Nothing happens where nothing is new. Who is under an open appeal comes in later (R3.06).
    """
    db.session.get(Contest, contest_id, with_for_update=True, populate_existing=True)
    added, gone = add_final(by, contest_id)
    if not added and not gone:
        raise Refused(N_("The register holds everything that final results give."))
    return contest_id


def add_final(by: Actor, contest_id: int) -> tuple[int, int]:
    """Part: add what final results of a contest give, supersede what they no longer give."""
    gone = supersede_replaced(by, contest_id)
    rows = [_row(by, due) for due in _due(contest_id)]
    db.session.add_all(rows)
    db.session.flush()
    if rows:
        selection_holders_terms.follow(by, contest_id)
    if rows or gone:
        after = {"added": len(rows), "superseded": gone}
        audits.record(by, "bring_up", "honours", None, contest_id=contest_id, after=after)
    return len(rows), gone


def supersede_replaced(by: Actor, contest_id: int) -> int:
    """Part: supersede the honours that come from replaced results; return how many."""
    replaced = (
        select(Award.id)
        .join(Revision, Revision.id == Award.revision_id)
        .join(Event, Event.id == Revision.event_id)
        .where(Event.contest_id == contest_id, Revision.state == RevisionState.SUPERSEDED)
    )
    query = (
        select(Honour.id)
        .where(Honour.award_id.in_(replaced), Honour.state == HonourState.STANDING)
        .with_for_update()
    )
    ids = list(db.session.scalars(query))
    changes = {"state": HonourState.SUPERSEDED, "changed_at": by.now}
    db.session.execute(update(Honour).where(Honour.id.in_(ids)).values(**changes))
    return len(ids)


def _due(contest_id: int) -> Iterator[_Due]:
    for row in db.session.execute(_query(contest_id, EntryMember.person_id)):
        # The tier of a selection is the title that people bear (R5.01).
        kind = HonourKind.TITLE if _is_selected(row.Contest) else HonourKind.PRIZE
        yield _Due(row.person_id, row.Award.tier_title, kind, "", row)
    titled = _query(contest_id, AwardHonour.person_id, AwardHonour.title, AwardHonour.granted_by)
    for row in db.session.execute(titled):
        yield _Due(row.person_id, row.title, HonourKind.TITLE, row.granted_by, row)


def _is_selected(contest: Contest) -> bool:
    return contest.kind is ContestKind.SELECTION


def _query(contest_id: int, person: Any, *more: Any) -> Any:
    """Select what final results give and the register does not hold yet."""
    title = more[0] if more else Award.tier_title
    query = (
        select(
            Award,
            person.label("person_id"),
            *more,
            Entry.id.label("entry_id"),
            Event.id.label("event_id"),
            Division.code.label("division"),
            Contest,
            Employer.title.label("employer"),
            selections_holds.unit_kind(person).label("unit_kind"),
            SelectionRound.decided_on,
            SelectionRound.decision_document,
        )
        .select_from(Award)
        .join(Revision, Revision.id == Award.revision_id)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Contest, Contest.id == Event.contest_id)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .outerjoin(SelectionRound, SelectionRound.contest_id == Contest.id)
    )
    table = AwardHonour if more else EntryMember
    on = AwardHonour.award_id == Award.id if more else EntryMember.entry_id == Entry.id
    held = exists().where(
        Honour.entry_id == Entry.id,
        Honour.person_id == person,
        Honour.title == title,
        Honour.state.in_(KEPT),
    )
    return (
        query.join(table, on)
        .where(Contest.id == contest_id, *_is_final(), ~held)
        .where(~appeals_holds.is_contested(), ~objections_holds.is_held())
        .order_by(Event.position, Event.id, Award.tier_order, Award.id)
    )


def _of_company(row: Any) -> bool | None:
    """Say whether somebody is staff of a company: by the division, or by the own application."""
    if _is_selected(row.Contest):
        return None if row.unit_kind is None else row.unit_kind is UnitKind.COMPANY
    return row.division == STAFF and row.employer is not None


def _is_final() -> tuple[ColumnElement[bool], ...]:
    final = (Event.state == EventState.FINAL, Revision.state == RevisionState.SIGNED)
    # Titles of contests held elsewhere come with their results; here the city only adds money.
    own = (Contest.kind != ContestKind.EXTERNAL, ~selections_holds.waits(Event.contest_id))
    return (*final, *own)


def _row(by: Actor, due: _Due) -> Honour:
    contest: Contest = due.row.Contest
    issuers = "、".join(certificates_issuing.issuers_of(contest))
    return Honour(
        person_id=due.person_id,
        title=due.title,
        kind=due.kind,
        level=HonourLevel(contest.level),
        granted_by=(due.granted_by or issuers)[:200],
        granted_on=due.row.decided_on or by.today,
        document=due.row.decision_document or "",
        programme=contest.title,
        year=contest.year,
        via=HonourVia.SELECTION if _is_selected(contest) else HonourVia.CONTEST,
        source=HonourSource.AWARD,
        employer=due.row.employer or "",
        of_company=_of_company(due.row),
        award_id=due.row.Award.id,
        entry_id=due.row.entry_id,
        event_id=due.row.event_id,
        state=HonourState.STANDING,
        recorded_at=by.now,
        recorded_by_id=by.account_id,
    )


@transaction
def record_external(by: Actor, person_id: int, facts: Facts) -> int:
    """Record an honour from elsewhere; it counts once a second person has confirmed it."""
    return add_external(by, person_id, facts)


def add_external(by: Actor, person_id: int, facts: Facts) -> int:
    """Part: record an honour from elsewhere, to be confirmed by a second person; return its id."""
    for problem in facts_problems(facts, by.today):
        raise problem
    person = db.session.get(Person, person_id)
    if person is None:
        raise Missing(person_id)
    same = select(Honour.id).where(
        Honour.person_id == person_id,
        Honour.title == facts.title,
        Honour.granted_on == facts.granted_on,
        Honour.state.in_((HonourState.PROPOSED, HonourState.STANDING)),
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise Refused(N_("The register holds this honour of this day already."), "title")
    row = Honour(
        person_id=person_id,
        title=facts.title,
        kind=facts.kind,
        level=facts.level,
        granted_by=facts.granted_by,
        granted_on=facts.granted_on,
        programme=facts.programme,
        year=facts.granted_on.year,
        via=facts.via,
        source=HonourSource.EXTERNAL,
        document=facts.document,
        employer="" if person.employer is None else person.employer.title,
        of_company=facts.of_company,
        state=HonourState.PROPOSED,
        recorded_at=by.now,
        recorded_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    after = {"person": person_id, "title": facts.title, "document": facts.document}
    audits.record(by, "record_external", "honour", row.id, after=after)
    return row.id


@transaction
def confirm(by: Actor, honour_id: int) -> int:
    """Confirm an honour from elsewhere after a look at its document, as a second person."""
    honour = _locked(honour_id)
    if honour.recorded_by_id == by.account_id:
        raise Refused(N_("Somebody else must confirm this: you have recorded it."))
    honour.confirmed_by_id = by.account_id
    _move(by, honour, HonourState.STANDING, "confirm")
    return honour_id


@transaction
def reject(by: Actor, honour_id: int, *, reason: str) -> int:
    """Reject an honour that was recorded without proof."""
    return reject_part(by, honour_id, reason)


def reject_part(by: Actor, honour_id: int, reason: str) -> int:
    """Part: reject an honour that nobody has confirmed yet."""
    _move(by, _locked(honour_id), HonourState.REJECTED, "reject", reason)
    return honour_id


@transaction
def revoke(by: Actor, honour_id: int, *, reason: str, whole: bool = False) -> int:
    """Revoke an honour, or with ``whole`` all that the same entry gave the person (R4.26)."""
    return revoke_part(by, honour_id, reason=reason, whole=whole)


def revoke_part(
    by: Actor, honour_id: int, *, reason: str, whole: bool = False, pay_back: bool = True
) -> int:
    """Part: revoke an honour.

    The certificate about it is revoked with it, and its check page says so; the money of a prize
    is stopped, or must come back where the rules do not leave it to the holder.
    """
    honour = _locked(honour_id)
    rows = [honour, *(_siblings(honour) if whole else ())]
    for row in rows:
        _move(by, row, HonourState.REVOKED, "revoke", reason)
    for certificate in _papers(rows):
        certificates.revoke_part(by, certificate, reason)
    if pay_back and honour.entry_id is not None and any(map(_bears_money, rows)):
        payouts_changes.bar(by, honour.entry_id, honour.person_id, reason)
    return honour_id


def _bears_money(row: Honour) -> bool:
    """Say whether a prize falls with an honour: a prize, a selection's title, that of a coach."""
    if row.kind is HonourKind.PRIZE or row.via is HonourVia.SELECTION:
        return True
    member = select(EntryMember.id).where(
        EntryMember.entry_id == row.entry_id, EntryMember.person_id == row.person_id
    )
    return db.session.execute(member).first() is None


def _siblings(honour: Honour) -> Sequence[Honour]:
    query = select(Honour).where(
        Honour.entry_id == honour.entry_id,
        Honour.person_id == honour.person_id,
        Honour.id != honour.id,
        Honour.state == HonourState.STANDING,
    )
    return db.session.scalars(query.with_for_update()).all()


def _papers(rows: Sequence[Honour]) -> Sequence[Certificate]:
    awards = {row.award_id for row in rows if row.award_id is not None}
    query = select(Certificate).where(
        Certificate.award_id.in_(awards),
        Certificate.person_id == rows[0].person_id,
        Certificate.state == CertificateState.ISSUED,
    )
    return db.session.scalars(query.with_for_update()).all()


def _move(by: Actor, honour: Honour, state: HonourState, action: str, reason: str = "") -> None:
    before = {"state": honour.state}
    honour.state = moved(HONOUR_MOVES, honour.state, state)
    honour.changed_at, honour.reason = by.now, reason
    contest_id = None if honour.event is None else honour.event.contest_id
    after = {"state": state} | ({"reason": reason} if reason else {})
    audits.record(by, action, "honour", honour.id, contest_id=contest_id, before=before,
                  after=after)  # fmt: skip


def _locked(honour_id: int) -> Honour:
    found = db.session.get(Honour, honour_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(honour_id)
    return found


def get_honour(honour_id: int) -> Honour:
    """Return an honour with its person; raise Missing."""
    query = select(Honour).options(joinedload(Honour.person), joinedload(Honour.event))
    found = db.session.scalar(query.where(Honour.id == honour_id))
    if found is None:
        raise Missing(honour_id)
    return found


def of_person(person_id: int, *, standing: bool = False) -> Sequence[Honour]:
    """List the honours of a person's life, the newest first; rejected ones are left out."""
    hidden = (HonourState.REJECTED, HonourState.SUPERSEDED)
    query = select(Honour).where(Honour.person_id == person_id, Honour.state.not_in(hidden))
    if standing:
        query = query.where(Honour.state == HonourState.STANDING)
    return db.session.scalars(query.order_by(Honour.granted_on.desc(), Honour.id.desc())).all()


def is_replaced(honour: Honour) -> bool:
    """Say whether an honour that stands comes from results that were replaced since."""
    if honour.state is not HonourState.STANDING or honour.award_id is None:
        return False
    query = select(Revision.state).join(Award, Award.revision_id == Revision.id)
    state = db.session.scalar(query.where(Award.id == honour.award_id))
    return state is RevisionState.SUPERSEDED


def holders(
    titles: Collection[str], level: HonourLevel | None = None, since: date | None = None
) -> set[int]:
    """Return the people who bear one of these titles, of this level or a higher one."""
    query = select(Honour.person_id, Honour.level).where(
        Honour.title.in_(titles), Honour.state == HonourState.STANDING
    )
    if since is not None:
        query = query.where(Honour.granted_on >= since)
    rows = db.session.execute(query)
    return {person for person, found in rows if level is None or is_at_least(found, level)}


def waiting_contests(contests: frozenset[int] | None) -> list[tuple[int, str]]:
    """List the contests whose final results give honours that the register does not hold."""
    query = (
        select(Contest.id, Contest.title)
        .join(Event, Event.contest_id == Contest.id)
        .join(Revision, Revision.event_id == Event.id)
        .join(Award, Award.revision_id == Revision.id)
        .join(Entry, Entry.id == Award.entry_id)
        .where(*_is_final(), ~appeals_holds.is_contested(), ~objections_holds.is_held())
        .where(~exists().where(Honour.entry_id == Entry.id, Honour.state.in_(KEPT)))
        .distinct()
        .order_by(Contest.id.desc())
    )
    if contests is not None:
        query = query.where(Contest.id.in_(contests))
    return [(row[0], row[1]) for row in db.session.execute(query)]
