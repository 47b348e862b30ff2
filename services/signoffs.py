"""The chain of signatures under the marks of an event: confirm a step, or send it back (R2.23)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.judging import PanelSeat
from models.signoffs import Signoff
from rules import access
from rules.access import Holder, Place, Role
from rules.refusals import Missing, Refused, check_reason
from rules.seats import RECORDER
from rules.signoffs import (
    WHOLE,
    Chain,
    Link,
    Signing,
    Step,
    Verdict,
    chain,
    check_step,
    step_before,
    step_problems,
)
from rules.states import EVENT_MOVES, EventState, moved
from rules.texts import N_
from services import audits, contests, spot_checks
from services.acting import Actor
from services.draws import lock_event
from services.panels import list_seats
from services.signoffs_sheets import SheetFacts, benches_of, open_sheets, read_sheets
from services.transaction import transaction

OPEN = frozenset({EventState.DRAFT, EventState.REGISTERING, EventState.DRAWN, EventState.SCORING})
ROLES = {
    Step.JUDGE: Role.JUDGE,
    Step.GROUP: Role.JUDGE,
    Step.CLERK: Role.ENTRY_CLERK,
    Step.CHIEF: Role.CHIEF_JUDGE,
    Step.SUPERVISOR: Role.SUPERVISOR,
}
STATES = {
    Step.GROUP: EventState.SCORING,
    Step.CLERK: EventState.SCORING,
    Step.CHIEF: EventState.SCORING,
    Step.SUPERVISOR: EventState.REVIEW,
}


@dataclass(frozen=True)
class Return:
    """What a step is sent back with: the reason, and what must be opened at the step before."""

    reason: str
    part: str = WHOLE
    codes: tuple[str, ...] = ()
    number: int | None = None


def read_chain(
    event: Event,
    sheets: Sequence[SheetFacts] | None = None,
    seats: Sequence[PanelSeat] | None = None,
) -> Chain:
    """Return the chain of an event as it stands."""
    sheets = read_sheets(event.id) if sheets is None else sheets
    seats = list_seats(event.id) if seats is None else seats
    benches, digest = benches_of(seats, contests.scheme_of(event), sheets)
    day = contests.rules_of(event.contest).day
    return chain(day, benches, digest, _standing(event.id), event.state not in OPEN)


def _standing(event_id: int) -> list[Signing]:
    query = select(Signoff).where(
        Signoff.event_id == event_id,
        Signoff.verdict == Verdict.CONFIRMED,
        Signoff.voided_at.is_(None),
    )
    return [
        Signing(row.step, row.part, row.account_id, row.at, row.digest)
        for row in db.session.scalars(query)
    ]


def check_chain(event: Event, upto: Step) -> None:
    """Part: refuse while a step up to this one does not hold; editions without steps pass."""
    day = contests.rules_of(event.contest).day
    if not day.signoff:
        return
    found = read_chain(event)
    _check_closed(found, upto)


def _check_closed(found: Chain, upto: Step) -> None:
    order, open_step = list(Step), found.next_step()
    if open_step is not None and order.index(open_step) <= order.index(upto):
        text = N_("The chain of signatures is not closed yet: %(step)s.")
        raise Refused(text, step=_SAID[open_step])


_SAID = {
    Step.JUDGE: N_("a judge's sheet is open"),
    Step.GROUP: N_("a group has not signed"),
    Step.CLERK: N_("the entry clerk has not confirmed the printout"),
    Step.CHIEF: N_("the chief judge has not confirmed the marks"),
    Step.SUPERVISOR: N_("the supervisor has not confirmed the check"),
}


def sign_as_chief(by: Actor, event: Event) -> None:
    """Part: the chief judge's step, taken with the act that closes the scoring."""
    if not contests.rules_of(event.contest).day.signoff or by.account_id is None:
        return
    found = read_chain(event)
    _check_closed(found, step_before(found.steps, Step.CHIEF))
    link = check_step(found, Step.CHIEF, WHOLE, by.account_id, found.digest)
    _add_confirmation(by, event.id, link)


def void_from(by: Actor, event_id: int, step: Step) -> None:
    """Part: take away what stands from a step on."""
    steps = list(Step)[list(Step).index(step) :]
    db.session.execute(
        update(Signoff)
        .where(Signoff.event_id == event_id, Signoff.step.in_(steps))
        .where(Signoff.verdict == Verdict.CONFIRMED, Signoff.voided_at.is_(None))
        .values(voided_at=by.now)
    )


def _void(by: Actor, event_id: int, step: Step, part: str) -> None:
    db.session.execute(
        update(Signoff)
        .where(Signoff.event_id == event_id, Signoff.step == step, Signoff.part == part)
        .where(Signoff.verdict == Verdict.CONFIRMED, Signoff.voided_at.is_(None))
        .values(voided_at=by.now)
    )


def _add_confirmation(by: Actor, event_id: int, link: Link) -> None:
    _void(by, event_id, link.step, link.part)  # one that was given for other marks
    db.session.add(
        Signoff(
            event_id=event_id,
            step=link.step,
            part=link.part,
            verdict=Verdict.CONFIRMED,
            account_id=by.account_id,
            at=by.now,
            digest=link.digest,
        )
    )


@transaction
def confirm_step(by: Actor, event_id: int, step: Step, part: str, digest: str) -> int:
    """Confirm a step for the marks that were seen; return the event's id.

    Who confirms cannot change a mark, nobody confirms his own work, and the marks must still be
    those with this digest.
    """
    event = lock_event(event_id)
    _check_state(event, step)
    found = read_chain(event)
    _check_person(by, event, found, step, part)
    link = check_step(found, step, part, by.account_id or 0, digest)
    if step is Step.SUPERVISOR:
        for problem in spot_checks.list_problems(event):
            raise problem.text
    _add_confirmation(by, event_id, link)
    after = {"step": step.value, "part": link.title, "digest": link.digest}
    audits.record(by, "confirm_step", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id


def _check_state(event: Event, step: Step) -> None:
    if step is Step.CHIEF:
        raise Refused(N_("The chief judge confirms the marks on the page of the progress."))
    if event.state is not STATES.get(step):
        raise Refused(N_("This step is not possible in the present state."))


def _check_person(by: Actor, event: Event, found: Chain, step: Step, part: str) -> None:
    """Refuse who does not hold the step: the leader of a group, else somebody with its role."""
    account = None if by.account_id is None else db.session.get(Account, by.account_id)
    holder = None if account is None else account.holder()
    problem = _person_problem(holder, event, found, step, part)
    if problem is not None:
        raise problem


def _person_problem(
    holder: Holder | None, event: Event, found: Chain, step: Step, part: str
) -> Refused | None:
    if step is Step.GROUP:
        leaders = {bench.leader for bench in found.benches if bench.part == part} - {None}
        if holder is None or holder.account_id not in leaders:
            return Refused(N_("Only the head of this group signs for it."))
        return None
    place = Place(contest_id=event.contest_id, event_id=event.id)
    held = () if holder is None else holder.grants
    if any(one.role is ROLES[step] and access.covers(one, place) for one in held):
        return None
    return Refused(N_("This step belongs to somebody else."))


def list_own_links(holder: Holder, event: Event, found: Chain) -> list[Link]:
    """List the links that somebody can confirm or send back now."""
    return [
        link
        for link in found.links
        if link.step in STATES
        and event.state is STATES[link.step]
        and _person_problem(holder, event, found, link.step, link.part) is None
        and not [*step_problems(found, link.step, link.part, holder.account_id)]
    ]


@transaction
def send_back(by: Actor, event_id: int, step: Step, part: str, back: Return) -> int:
    """Send a step back to the one before, with a reason, and open there what must be opened."""
    event = lock_event(event_id)
    if event.state is not STATES.get(step):
        raise Refused(N_("This step is not possible in the present state."))
    sheets = read_sheets(event_id)
    found = read_chain(event, sheets)
    _check_person(by, event, found, step, part)
    for problem in step_problems(found, step, part, by.account_id or 0):
        raise problem
    check_reason(back.reason)
    opened = _open_before(by, event, found, sheets, step, part, back)
    db.session.add(
        Signoff(
            event_id=event_id,
            step=step,
            part=part,
            verdict=Verdict.SENT_BACK,
            account_id=by.account_id,
            at=by.now,
            digest=found.link(step, part).digest,
            reason=back.reason.strip(),
        )
    )
    after = {"step": step.value, "reason": back.reason, **opened}
    audits.record(by, "send_back", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id


def _open_before(
    by: Actor,
    event: Event,
    found: Chain,
    sheets: Sequence[SheetFacts],
    step: Step,
    part: str,
    back: Return,
) -> dict[str, object]:
    """Open what stands before a step; return what was opened, for the record."""
    before = step_before(found.steps, step)
    if before is Step.CHIEF:
        event.state = moved(EVENT_MOVES, event.state, EventState.SCORING)
        void_from(by, event.id, Step.CHIEF)
        return {"state": event.state.value}
    if before is Step.CLERK:
        _void(by, event.id, Step.CLERK, WHOLE)
        return {}
    bench = part if step is Step.GROUP else back.part
    groups = {link.part: link for link in found.of(Step.GROUP)}
    if before is Step.GROUP and bench in groups and not back.codes:
        _void(by, event.id, Step.GROUP, bench)
        return {"part": groups[bench].title}
    chosen = _chosen(sheets, bench, back)
    if step is not Step.GROUP and bench in groups:
        _void(by, event.id, Step.GROUP, bench)
    opened = open_sheets(contests.scheme_of(event), [one.id for one in chosen])
    return {"sheets": len(opened), "codes": sorted({one.code for one in chosen})}


def _chosen(sheets: Sequence[SheetFacts], bench: str, back: Return) -> list[SheetFacts]:
    wanted = {code.upper() for code in back.codes}
    if not wanted:
        raise Refused(N_("Name the work codes whose sheets must be opened."), field="codes")
    own = [one for one in sheets if one.part == bench and back.number in (None, one.number)]
    chosen = [one for one in own if one.code.upper() in wanted and one.signed]
    unknown = wanted - {one.code.upper() for one in chosen}
    if unknown:
        raise Refused(
            N_("There is no signed sheet for %(codes)s."),
            field="codes",
            codes=", ".join(sorted(unknown)),
        )
    return chosen


@transaction
def name_leader(by: Actor, seat_id: int) -> int:
    """Make a judge the head of the group of his part (R2.07); return the event's id."""
    seat = db.session.get(PanelSeat, seat_id)
    if seat is None:
        raise Missing(seat_id)
    event = lock_event(seat.event_id)
    if event.state not in OPEN:
        raise Refused(N_("The marks are confirmed; the groups can no longer be changed."))
    if seat.number == RECORDER:
        raise Refused(N_("A recorder does not lead the group."))
    for other in list_seats(event.id):
        if other.part == seat.part and other.is_leader:
            other.is_leader = False
    db.session.flush()
    seat.is_leader = True
    # What the former head has signed was his word, not that of the new one.
    _void(by, event.id, Step.GROUP, seat.part)
    after = {"account": seat.account_id, "part": seat.part}
    audits.record(by, "name_leader", "seat", seat_id, contest_id=event.contest_id, after=after)
    return event.id


def event_of_seat(seat_id: int) -> int:
    """Return the event of a seat; raise Missing."""
    event_id = db.session.scalar(select(PanelSeat.event_id).where(PanelSeat.id == seat_id))
    if event_id is None:
        raise Missing(seat_id)
    return event_id


def has_seat(event_id: int, account_id: int) -> bool:
    """Say whether an account sits on a panel of an event."""
    query = select(PanelSeat.id).where(
        PanelSeat.event_id == event_id, PanelSeat.account_id == account_id
    )
    return db.session.scalar(query.limit(1)) is not None


@dataclass(frozen=True)
class OpenChain:
    """An event whose marks are signed step by step, for the list of those who sign."""

    event: Event
    step: Step | None
    is_own: bool


def list_open(holder: Holder) -> list[OpenChain]:
    """List the events in scoring or review whose edition has steps, those that wait first."""
    query = (
        select(Event)
        .where(Event.state.in_((EventState.SCORING, EventState.REVIEW)))
        .options(joinedload(Event.contest))
        .order_by(Event.contest_id, Event.code)
    )
    seated = select(PanelSeat.event_id).where(PanelSeat.account_id == holder.account_id)
    seats = set(db.session.scalars(seated))
    found = []
    for event in db.session.scalars(query):
        place = Place(contest_id=event.contest_id, event_id=event.id)
        officials = (one for one in holder.grants if one.role in _OFFICIALS)
        mine = event.id in seats or any(access.covers(one, place) for one in officials)
        if mine and contests.rules_of(event.contest).day.signoff:
            chain_now = read_chain(event)
            own = bool(list_own_links(holder, event, chain_now))
            found.append(OpenChain(event, chain_now.next_step(), own))
    return sorted(found, key=lambda one: not one.is_own)


_OFFICIALS = frozenset({Role.ENTRY_CLERK, Role.CHIEF_JUDGE, Role.SUPERVISOR})
