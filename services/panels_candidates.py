"""Who could take a seat, and what speaks against it: conflicts, bars, panels that are too small."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account, RoleGrant
from models.contests import Event
from models.database import db
from models.judges import Judge
from models.judging import PanelSeat
from models.people import Employer
from rules.access import Role
from rules.conflicts import Conflict, ConflictKind, bars_event, spared_entries
from rules.judges import is_barred
from rules.refusals import Refused
from rules.schemes import Part
from rules.seats import Bench
from rules.texts import N_
from services.judges_conflicts import find_conflicts
from services.layers_keys import is_sealer

JUDGE = joinedload(PanelSeat.account).options(
    load_only(Account.title, Account.username, Account.employer_id), lazyload(Account.grants)
)


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be seated, with what speaks against it (R1.12, R2.36)."""

    id: int
    title: str
    username: str
    person_id: int | None
    employer: str
    employer_id: int | None = None
    conflicts: tuple[Conflict, ...] = ()
    barred_until: date | None = None

    @property
    def conflict(self) -> bool:
        """Say whether own people of this judge have entries here."""
        return bool(self.conflicts)

    @property
    def is_free(self) -> bool:
        """Say whether nothing keeps this judge away from the whole event."""
        return self.barred_until is None and not bars_event(self.conflicts)


def list_seats(event_id: int) -> Sequence[PanelSeat]:
    """List the seats of an event with their accounts."""
    query = (
        select(PanelSeat)
        .options(JUDGE)
        .where(PanelSeat.event_id == event_id)
        .order_by(PanelSeat.part, PanelSeat.number)
    )
    return db.session.scalars(query).all()


def role_of(bench: Bench | Part) -> Role:
    """Return the role that whoever enters these marks must hold."""
    return Role.ENTRY_CLERK if bench.entered_by == "clerk" else Role.JUDGE


def list_candidates(event: Event, bench: Bench, today: date) -> list[Candidate]:
    """List the accounts that can take a seat of this bench and have none yet."""
    taken = {seat.account_id for seat in list_seats(event.id) if seat.part == bench.key}
    return [one for one in candidates_of(event, today)[role_of(bench)] if one.id not in taken]


def check_candidate(
    event: Event,
    bench: Bench,
    account_id: int,
    today: date,
    number: int,
    seated: bool = False,
) -> None:
    """Part: refuse to seat whom a conflict or a bar keeps away (R1.12, R1.13, R2.36).

    A reserve judge who steps in is ``seated`` on the same bench already.
    """
    listed = (
        candidates_of(event, today)[role_of(bench)]
        if seated
        else list_candidates(event, bench, today)
    )
    found = {one.id: one for one in listed}
    account = found.get(account_id)
    if account is None:
        raise Refused(N_("Choose one of the people in the list."), field="account_id")
    name = account.title
    if account.barred_until is not None:
        text = N_("%(name)s is barred from judging until %(day)s.")
        day = account.barred_until.isoformat()
        raise Refused(text, field="account_id", name=name, day=day)
    if is_sealer(event.id, account_id):
        text = N_("%(name)s has a part in sealing the codes of this event and cannot score it.")
        raise Refused(text, field="account_id", name=name)
    if any(one.kind is ConflictKind.SELF for one in account.conflicts):
        text = N_("%(name)s is entered in this event and cannot judge it.")
        raise Refused(text, field="account_id", name=name)
    if not account.is_free:
        text = N_("%(name)s has own people in this event and cannot judge it.")
        raise Refused(text, field="account_id", name=name)
    if number in bench.seats and not _spares(event, bench, account, number):
        text = N_("%(name)s has own people here, and the panel is too small to do without a mark.")
        raise Refused(text, field="account_id", name=name)


def _spares(event: Event, bench: Bench, account: Candidate, number: int) -> bool:
    """Say whether a full bench with this judge has enough marks for each of his people."""
    own = spared_entries(account.conflicts)
    if not own:
        return True
    others = {
        one.number: one.account_id
        for one in list_seats(event.id)
        if one.part == bench.key and one.number in bench.seats and one.number != number
    }
    found = find_conflicts(event, set(others.values()))
    spared = {n: frozenset[int]() for n in bench.seats}
    spared |= {n: spared_entries(found[account_id]) & own for n, account_id in others.items()}
    return can_spare(bench, spared | {number: own})


def candidates_of(event: Event, today: date) -> dict[Role, list[Candidate]]:
    """List the open accounts with a judging role that reaches the event, by role."""
    return read_candidates(event, today, ())[0]


def read_candidates(
    event: Event, today: date, also: Iterable[int]
) -> tuple[dict[Role, list[Candidate]], dict[int, tuple[Conflict, ...]]]:
    """Read all who could be seated, and the conflicts of these and of some others at once."""
    scope = or_(
        RoleGrant.event_id == event.id,
        and_(RoleGrant.event_id.is_(None), RoleGrant.contest_id == event.contest_id),
        and_(RoleGrant.event_id.is_(None), RoleGrant.contest_id.is_(None)),
    )
    query = (
        select(*_CANDIDATE)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(Judge, Judge.account_id == Account.id)
        .outerjoin(Employer, Employer.id == func.coalesce(Judge.employer_id, Account.employer_id))
        .where(RoleGrant.role.in_((Role.JUDGE, Role.ENTRY_CLERK)), scope, Account.active)
        .order_by(Account.title, Account.id)
    )
    rows = db.session.execute(query).all()
    conflicts = find_conflicts(event, {row[1] for row in rows} | {*also})
    day = event.held_on or today
    found: dict[Role, dict[int, Candidate]] = {Role.JUDGE: {}, Role.ENTRY_CLERK: {}}
    for role, key, title, username, person_id, employer_id, employer, until in rows:
        barred = until if is_barred(until, day) else None
        found[role][key] = Candidate(
            key, title, username, person_id, employer or "", employer_id, conflicts[key], barred
        )
    return {role: list(candidates.values()) for role, candidates in found.items()}, conflicts


def can_spare(bench: Bench, spared: Mapping[int, frozenset[int]]) -> bool:
    """Say whether enough judges are left for each entry when marks on own people are left out.

    What the recorder writes is agreed, not judged: it is never left out.
    """
    entries = {entry for number, several in spared.items() if number for entry in several}
    return not any(
        [*bench.problems({n for n, several in spared.items() if entry not in several or not n})]
        for entry in entries
    )


# Single columns: whole accounts would decrypt an address and a phone each.
_CANDIDATE: tuple[Any, ...] = (
    RoleGrant.role,
    Account.id,
    Account.title,
    Account.username,
    Account.person_id,
    func.coalesce(Judge.employer_id, Account.employer_id),
    Employer.title,
    Judge.barred_until,
)
