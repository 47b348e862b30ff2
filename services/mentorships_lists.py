"""What pages show of mentorships: lists with counts, one pair's history, one's own pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.database import db
from models.mentorships import (
    Acceptance,
    Mentorship,
    MentorshipMonth,
    MentorshipPause,
    MentorshipSignature,
    Milestone,
)
from models.people import Person
from rules.mentorship_terms import open_months
from rules.mentorships import MentorshipState, Party
from services.mentorships_parts import pauses_of
from services.pages import PAGE_SIZE, Page, page_of
from services.people import likeness, matches_name


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the list."""

    q: str = ""
    employer_id: int | None = None
    state: MentorshipState | None = None
    year: int | None = None
    occupation: str = ""
    workshop_id: int | None = None
    class_id: int | None = None
    imported: bool = False


class Totals(NamedTuple):
    """Pairs are person-times (R7.12); persons are counted apart, once each."""

    times: int
    apprentices: int
    mentors: int
    running: int


def _asked(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.q:
        named = select(Person.id).where(matches_name(wanted.q))
        number = Mentorship.number.like(likeness(wanted.q), escape="\\")
        found.append(
            or_(Mentorship.mentor_id.in_(named), Mentorship.apprentice_id.in_(named), number)
        )
    for name in ("employer_id", "state", "workshop_id", "class_id"):
        value = getattr(wanted, name)
        if value is not None:
            found.append(getattr(Mentorship, name) == value)
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        found.append(Mentorship.starts_on.between(first, last))
    if wanted.occupation:
        found.append(Mentorship.occupation == wanted.occupation)
    if wanted.imported:
        found.append(Mentorship.imported)
    return found


def list_pairs(wanted: Wanted, number: int = 1, size: int = PAGE_SIZE) -> Page[Mentorship]:
    """List pairs, the newest first."""
    query = _with_names(select(Mentorship).where(*_asked(wanted)))
    order = (Mentorship.starts_on.desc(), Mentorship.id.desc())
    return page_of(query.order_by(*order), number, size, Mentorship.id)


def _with_names(query: Select[Mentorship]) -> Select[Mentorship]:
    return query.options(
        joinedload(Mentorship.mentor),
        joinedload(Mentorship.apprentice),
        joinedload(Mentorship.employer),
    )


def totals(wanted: Wanted) -> Totals:
    """Count person-times, apprentices and mentors of all pairs that ran or run."""
    never = (MentorshipState.DRAFT, MentorshipState.SIGNING, MentorshipState.CANCELLED)
    query = select(
        func.count(),
        func.count(Mentorship.apprentice_id.distinct()),
        func.count(Mentorship.mentor_id.distinct()),
        func.count().filter(Mentorship.state == MentorshipState.RUNNING),
    )
    row = db.session.execute(query.where(*_asked(wanted), Mentorship.state.not_in(never))).one()
    return Totals(*row)


def occupations(employer_id: int | None) -> list[str]:
    """List the occupations that pairs have."""
    query = select(Mentorship.occupation).distinct().order_by(Mentorship.occupation)
    if employer_id is not None:
        query = query.where(Mentorship.employer_id == employer_id)
    return list(db.session.scalars(query))


def years(employer_id: int | None) -> list[int]:
    """List the years in which pairs began, the newest first."""
    query = select(func.min(Mentorship.starts_on), func.max(Mentorship.starts_on))
    if employer_id is not None:
        query = query.where(Mentorship.employer_id == employer_id)
    first, last = db.session.execute(query).one()
    return [] if first is None else list(range(last.year, first.year - 1, -1))


@dataclass(frozen=True)
class Month:
    """One month of a term as its page shows it."""

    month: date
    mentor_at: datetime | None = None
    apprentice_at: datetime | None = None
    withdrawn: bool = False

    @property
    def counts(self) -> bool:
        """Say whether both sides have confirmed it."""
        return not self.withdrawn and None not in (self.mentor_at, self.apprentice_at)


def list_months(row: Mentorship, today: date) -> list[Month]:
    """List the months that can be or are confirmed, the latest first.

    Of a pair that had ended before it was read in, only those with evidence.
    """
    query = select(MentorshipMonth).where(MentorshipMonth.mentorship_id == row.id)
    known = {one.month: one for one in db.session.scalars(query)}
    if row.signed_on is None:
        return []
    opened = set(known)
    if not (row.imported and row.ended_on):
        last = min(row.ends_on, row.ended_on or row.ends_on)
        opened |= {*open_months(row.starts_on, last, pauses_of(row.id), today)}
    return [_month(month, known.get(month)) for month in sorted(opened, reverse=True)]


def _month(month: date, known: MentorshipMonth | None) -> Month:
    if known is None:
        return Month(month)
    return Month(
        month,
        known.mentor_confirmed_at,
        known.apprentice_confirmed_at,
        known.withdrawn_at is not None,
    )


def list_milestones(mentorship_id: int) -> Sequence[Milestone]:
    """List the milestones of a pair in the order of the plan."""
    query = select(Milestone).where(Milestone.mentorship_id == mentorship_id)
    order = (Milestone.withdrawn_at.is_not(None), Milestone.due_on, Milestone.position)
    return db.session.scalars(query.order_by(*order)).all()


def pair_of(milestone_id: int) -> int:
    """Return the id of the pair to which a milestone belongs."""
    return db.session.scalars(
        select(Milestone.mentorship_id).where(Milestone.id == milestone_id)
    ).one()


def list_signatures(mentorship_id: int) -> Sequence[MentorshipSignature]:
    """List all signatures of a pair, those that fell too, in the order of signing."""
    query = select(MentorshipSignature).options(joinedload(MentorshipSignature.account))
    query = query.where(MentorshipSignature.mentorship_id == mentorship_id)
    return db.session.scalars(query.order_by(MentorshipSignature.id)).all()


def list_pauses(mentorship_id: int) -> Sequence[MentorshipPause]:
    """List the pauses of a pair."""
    query = select(MentorshipPause).where(MentorshipPause.mentorship_id == mentorship_id)
    return db.session.scalars(query.order_by(MentorshipPause.from_on)).all()


def former_of(mentorship_id: int) -> Mentorship | None:
    """Return the pair that a transfer carried on in this one, if any."""
    return db.session.scalar(
        _with_names(select(Mentorship)).where(Mentorship.successor_id == mentorship_id)
    )


def list_own(person_id: int) -> Sequence[Mentorship]:
    """List the pairs of a person, as mentor or apprentice, running ones first, without drafts."""
    over = Mentorship.state.not_in(
        (MentorshipState.SIGNING, MentorshipState.RUNNING, MentorshipState.PAUSED)
    )
    query = _with_names(select(Mentorship)).where(
        or_(Mentorship.mentor_id == person_id, Mentorship.apprentice_id == person_id),
        Mentorship.state != MentorshipState.DRAFT,
    )
    return db.session.scalars(query.order_by(over, Mentorship.starts_on.desc())).all()


class Waiting(NamedTuple):
    """What waits for a person in one pair."""

    signature: bool = False
    months: int = 0
    acceptance: bool = False

    @property
    def any(self) -> bool:
        """Say whether anything waits."""
        return self.signature or self.acceptance or self.months > 0


def waiting_of(
    pairs: Sequence[Mentorship], party_of: dict[int, Party], today: date
) -> dict[int, Waiting]:
    """Say for each pair what waits for its party, with four statements whatever their number."""
    ids = [one.id for one in pairs]
    signed = select(MentorshipSignature.mentorship_id, MentorshipSignature.party).where(
        MentorshipSignature.mentorship_id.in_(ids),
        MentorshipSignature.amendment == 0,
        MentorshipSignature.dropped_at.is_(None),
    )
    signatures = {(key, party) for key, party in db.session.execute(signed)}
    months = _months_done(ids, party_of)
    pauses: dict[int, list[tuple[date, date | None]]] = {}
    query = select(MentorshipPause.mentorship_id, MentorshipPause.from_on, MentorshipPause.to_on)
    for key, first, last in db.session.execute(query.where(MentorshipPause.mentorship_id.in_(ids))):
        pauses.setdefault(key, []).append((first, last))
    checks = {
        one.mentorship_id: one
        for one in db.session.scalars(select(Acceptance).where(Acceptance.mentorship_id.in_(ids)))
    }
    return {
        one.id: _waiting(
            one,
            party_of[one.id],
            (one.id, party_of[one.id]) in signatures,
            (pauses.get(one.id, []), months.get(one.id, set()), today),
            checks.get(one.id),
        )
        for one in pairs
    }


def _months_done(ids: Sequence[int], party_of: dict[int, Party]) -> dict[int, set[date]]:
    query = select(MentorshipMonth).where(
        MentorshipMonth.mentorship_id.in_(ids), MentorshipMonth.withdrawn_at.is_(None)
    )
    found: dict[int, set[date]] = {}
    for one in db.session.scalars(query):
        at = getattr(one, f"{party_of[one.mentorship_id]}_confirmed_at", None)
        if at is not None:
            found.setdefault(one.mentorship_id, set()).add(one.month)
    return found


def _waiting(
    row: Mentorship,
    party: Party,
    has_signed: bool,
    term: tuple[Sequence[tuple[date, date | None]], set[date], date],
    check: Acceptance | None,
) -> Waiting:
    pauses, done, today = term
    if row.state is MentorshipState.SIGNING:
        return Waiting(signature=not has_signed)
    if row.state not in (MentorshipState.RUNNING, MentorshipState.PAUSED):
        return Waiting()
    opened = set(open_months(row.starts_on, row.ends_on, pauses, today))
    checked = check is not None and getattr(check, f"{party}_confirmed_at") is None
    return Waiting(months=len(opened - done), acceptance=checked)


def own_party(account: Account, row: Mentorship) -> Party | None:
    """Return the party that an account is in a pair, a person before the employer."""
    if account.person_id == row.mentor_id:
        return Party.MENTOR
    if account.person_id == row.apprentice_id:
        return Party.APPRENTICE
    return Party.EMPLOYER if account.employer_id == row.employer_id else None
