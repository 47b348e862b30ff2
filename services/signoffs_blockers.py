"""What keeps the chain of signatures open, from every source, and whom it waits for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account, RoleGrant
from models.contests import Event
from models.database import db
from models.judging import PanelSeat
from models.signoffs import Signoff
from rules.access import Role
from rules.judges import SeatDuty
from rules.refusals import Refused
from rules.seats import FIRST_NUMBERS
from rules.signoffs import Blocker, Chain, Link, LinkState, Step
from rules.states import EventState
from rules.texts import N_
from services import appeals_holds, contests, judging, reopenings, results_decisions, spot_checks
from services.panels import list_seats
from services.signoffs import read_chain
from services.signoffs_sheets import SheetFacts, read_sheets

SHOWN_NAMES = 8
FIRST, BESIDE = 1, FIRST_NUMBERS[SeatDuty.RESERVE]  # the numbers of judges who count


@dataclass(frozen=True)
class ChainView:
    """The chain of an event with all that its page shows."""

    event: Event
    chain: Chain
    blockers: list[Blocker]
    seats: Sequence[PanelSeat]
    history: Sequence[Signoff]
    names: dict[int, str]


def get_chain(event: Event) -> ChainView:
    """Return the chain of an event, its blockers with names, its history."""
    around = _Around.of(event)
    people = _people(event)
    blockers = [_named(one, people) for one in around.blockers()]
    seats = [seat for seat in around.seats if FIRST <= seat.number < BESIDE]
    names = {seat.account_id: seat.account.title for seat in around.seats}
    history = _history(event.id)
    names |= {row.account_id: row.account.title for row in history}
    return ChainView(event, around.chain, blockers, seats, history, names)


def list_blockers(event: Event) -> list[Blocker]:
    """List what keeps the chain of an event open, with the names of those who can act."""
    people = _people(event)
    return [_named(one, people) for one in _Around.of(event).blockers()]


def list_before_chief(event: Event) -> list[Refused]:
    """List the signatures under the marks that the chief judge's confirmation waits for."""
    if event.state is not EventState.SCORING or not contests.rules_of(event.contest).day.signoff:
        return []
    seats = list_seats(event.id)
    found = _link_blockers(read_chain(event, seats=seats), seats)
    return [one.text for one in found if one.step in (Step.GROUP, Step.CLERK)]


def _named(blocker: Blocker, people: dict[Role, list[str]]) -> Blocker:
    """Name those who hold the role that a blocker waits for, where it names nobody itself."""
    if blocker.names:
        return blocker
    return replace(blocker, names=tuple(people.get(blocker.role, ())[:SHOWN_NAMES]))


def _people(event: Event) -> dict[Role, list[str]]:
    """Name the open accounts of each official role that reach the event."""
    scope = or_(
        RoleGrant.event_id == event.id,
        and_(RoleGrant.event_id.is_(None), RoleGrant.contest_id == event.contest_id),
        and_(RoleGrant.event_id.is_(None), RoleGrant.contest_id.is_(None)),
    )
    wanted = (
        Role.ENTRY_CLERK,
        Role.CHIEF_JUDGE,
        Role.SUPERVISOR,
        Role.ORGANIZER,
        Role.ARBITRATOR,
    )
    query = (
        select(RoleGrant.role, Account.title)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.role.in_(wanted), scope, Account.active)
        .order_by(Account.title)
        .distinct()
    )
    found: dict[Role, list[str]] = {}
    for role, title in db.session.execute(query):
        found.setdefault(role, []).append(title)
    return found


def _history(event_id: int) -> Sequence[Signoff]:
    who = joinedload(Signoff.account).options(load_only(Account.title), lazyload(Account.grants))
    query = select(Signoff).where(Signoff.event_id == event_id).options(who)
    return db.session.scalars(query.order_by(Signoff.id.desc())).all()


@dataclass(frozen=True)
class _Around:
    """An event with its sheets, seats and chain, read once for all that looks at them."""

    event: Event
    sheets: Sequence[SheetFacts]
    seats: Sequence[PanelSeat]
    chain: Chain

    @classmethod
    def of(cls, event: Event) -> "_Around":
        sheets, seats = read_sheets(event.id), list_seats(event.id)
        return cls(event, sheets, seats, read_chain(event, sheets, seats))

    def blockers(self) -> Iterator[Blocker]:
        """Yield what is open, source by source."""
        if self.event.state is EventState.SCORING:
            yield from self._scoring()
        if self.event.state in (EventState.SCORING, EventState.REVIEW):
            yield from _link_blockers(self.chain, self.seats)
        if self.event.state is EventState.REVIEW:
            yield from self._review()

    def _scoring(self) -> Iterator[Blocker]:
        """Yield the open sheets with their judges, or what makes the signed ones no result."""
        waiting = Counter(
            (one.part, one.number) for one in self.sheets if one.competes and not one.signed
        )
        names = {(seat.part, seat.number): seat.account.title for seat in self.seats}
        titles = {bench.part: bench.title for bench in self.chain.benches}
        for seat, count in sorted(waiting.items()):
            part, number = seat
            text = _SHEETS if number else _RECORDS
            problem = Refused(text, part=titles[part], number=number, count=count)
            yield Blocker(Step.JUDGE, problem, Role.JUDGE, (names[seat],))
        for problem in () if waiting else judging.list_mark_problems(self.event):
            yield Blocker(Step.CHIEF, problem, Role.CHIEF_JUDGE)

    def _review(self) -> Iterator[Blocker]:
        if self.chain.next_step() is Step.SUPERVISOR:
            yield from spot_checks.list_problems(self.event, self.sheets)
        else:  # who stands before whom is decided when the marks stand
            for tie in results_decisions.find_ties(self.event):
                codes = ", ".join(tie.codes)
                yield Blocker(Step.CHIEF, Refused(_TIE, codes=codes), Role.CHIEF_JUDGE)
        held = appeals_holds.open_problem(self.event)
        if held is not None:
            yield Blocker(Step.SUPERVISOR, held, Role.ARBITRATOR)
        proposed = reopenings.find_open(self.event.id)
        if proposed is not None:
            text = Refused(_PROPOSED, name=proposed.proposed_by.title)
            yield Blocker(Step.SUPERVISOR, text, Role.SUPERVISOR)


_TIE = N_("Equal entries wait for a decision: %(codes)s.")
_PROPOSED = N_("%(name)s has proposed to open the marks again; somebody else must answer.")
_SHEETS = N_("%(part)s, seat %(number)s: sheets not signed yet: %(count)s.")
_RECORDS = N_("%(part)s, recorder: sheets not signed yet: %(count)s.")


def _link_blockers(found: Chain, seats: Sequence[PanelSeat]) -> Iterator[Blocker]:
    leaders = {seat.part: seat.account.title for seat in seats if seat.is_leader}
    for link in found.links:
        if link.state is not LinkState.CURRENT or link.step is Step.JUDGE:
            continue
        if link.step is not Step.GROUP:
            yield Blocker(link.step, _said(link), _ROLES[link.step])
        elif link.part in leaders:
            yield Blocker(link.step, _said(link), Role.JUDGE, (leaders[link.part],))
        else:
            text = Refused(N_("%(part)s: nobody is named head of the group."), part=link.title)
            yield Blocker(link.step, text, Role.CHIEF_JUDGE)


_ROLES = {
    Step.CLERK: Role.ENTRY_CLERK,
    Step.CHIEF: Role.CHIEF_JUDGE,
    Step.SUPERVISOR: Role.SUPERVISOR,
}
_WAITING = {
    Step.GROUP: N_("%(part)s: the group has not signed."),
    Step.CLERK: N_("The printout of the marks is not confirmed."),
    Step.CHIEF: N_("The marks are not confirmed."),
    Step.SUPERVISOR: N_("The supervisor has not confirmed the check."),
}
_STALE = {
    Step.GROUP: N_("%(part)s: the marks have changed since the group signed."),
    Step.CLERK: N_("The marks have changed since the printout was confirmed."),
    Step.CHIEF: N_("The marks were opened again and are not confirmed."),
    Step.SUPERVISOR: N_("The marks have changed since the supervisor confirmed the check."),
}


def _said(link: Link) -> Refused:
    texts = _WAITING if link.stale is None else _STALE
    return Refused(texts[link.step], part=link.title)
