"""Desks: what waits for each role today, in a handful of statements whatever the number of rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from rules.access import Holder, Place, Role, contests_of, covers
from rules.editions import ContestKind
from rules.states import ContestState, EventState, LevelListState, PayoutState
from services import desks_counts, desks_programmes
from services.desks_counts import EventLine, Figures, OwnSeat
from services.desks_tasks import Task, Waiting
from services.layers_lists import CodeStep


@dataclass
class Desk:
    """The cards of each role that somebody holds, in the order of the roles."""

    by_role: dict[Role, list[Waiting]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing waits."""
        return not any(self.by_role.values())


def desk_of(holder: Holder, today: date, now: datetime) -> Desk:
    """Collect what waits for somebody, role by role."""
    figures = desks_counts.load(holder, now)
    makers = {
        Role.ORGANIZER: _organizer,
        Role.CHIEF_JUDGE: _chief,
        Role.JUDGE: _judge,
        Role.ENTRY_CLERK: _clerk,
        Role.SEALER: _sealer,
        Role.HALL_CLERK: _hall_clerk,
        Role.SUPERVISOR: _supervisor,
        Role.ARBITRATOR: _arbitrator,
        Role.SELECTION_CLERK: _nothing_of_contests,
        Role.REVIEWER: _nothing_of_contests,
        Role.EMPLOYER: _employer,
        Role.CONTESTANT: _contestant,
        Role.BUREAU_STAFF: _bureau,
        Role.PAYER: _payer,
        Role.APPROVER: _approver,
        Role.ADMINISTRATOR: _administrator,
    }
    held = [role for role in Role if holder.has(role)]
    more = desks_programmes.collect(holder, today)
    return Desk(
        {role: [*makers[role](holder, figures, today), *more.get(role, ())] for role in held}
    )


def _covered(holder: Holder, role: Role, lines: Iterable[EventLine]) -> list[EventLine]:
    """Keep the events that a role of the holder reaches.

    What carries the result of a selection is the bureau's alone: it has no entries and no marks.
    """
    grants = [grant for grant in holder.grants if grant.role is role]
    return [
        line
        for line in lines
        if (line.kind is ContestKind.CONTEST or role is Role.BUREAU_STAFF)
        and any(covers(grant, Place(line.contest_id, line.event_id)) for grant in grants)
    ]


def _by_contest(task: Task, lines: Iterable[EventLine]) -> Iterator[Waiting]:
    """Join the events of one contest; a single event keeps its own page."""
    grouped: dict[int, list[EventLine]] = {}
    for line in lines:
        grouped.setdefault(line.contest_id, []).append(line)
    for contest_id, group in grouped.items():
        single = group[0].event_id if len(group) == 1 else None
        title = "、".join(line.title for line in group[:3]) + ("…" if len(group) > 3 else "")
        yield Waiting(task, len(group), title, contest_id, single)


def _nothing_of_contests(holder: Holder, figures: Figures, today: date) -> Iterator[Waiting]:
    """Yield nothing: what waits for these roles comes from programmes alone."""
    yield from ()


def _organizer(holder: Holder, figures: Figures, today: date) -> Iterator[Waiting]:
    own = _covered(holder, Role.ORGANIZER, figures.lines)
    drafts = {line.contest_id: line for line in own if line.contest_state is ContestState.DRAFT}
    for line in drafts.values():
        missing = tuple(figures.missing.get(line.contest_id, ()))
        yield Waiting(
            Task.PUBLISH, len(missing), line.contest_title, line.contest_id, missing=missing
        )
    yield from _reviews(own, figures)
    ready = [line for line in own if _can_draw(line, figures, today)]
    yield from _by_contest(Task.DRAW, ready)
    yield from _by_contest(Task.SEAT, [x for x in own if x.event_id in figures.unseated])
    yield from _by_contest(Task.OPEN_SCORING, _can_open(own, figures))
    computable = [
        x for x in own if x.state is EventState.REVIEW and x.event_id not in figures.drafts
    ]
    yield from _by_contest(Task.COMPUTE, computable)
    yield from _rulings(own, figures)


def _reviews(own: list[EventLine], figures: Figures) -> Iterator[Waiting]:
    counts: dict[int, int] = {}
    titles: dict[int, str] = {}
    for line in own:
        waiting = figures.submitted.get(line.event_id or 0, 0)
        if waiting:
            counts[line.contest_id] = counts.get(line.contest_id, 0) + waiting
            titles[line.contest_id] = line.contest_title
    for contest_id, count in counts.items():
        yield Waiting(Task.REVIEW, count, titles[contest_id], contest_id)


def _can_draw(line: EventLine, figures: Figures, today: date) -> bool:
    return (
        line.state is EventState.REGISTERING
        and line.entry_closes_on < today
        and not figures.submitted.get(line.event_id or 0)
        and figures.accepted.get(line.event_id or 0, 0) > 0
    )


def _can_open(own: list[EventLine], figures: Figures) -> list[EventLine]:
    drawn = [line for line in own if line.state is EventState.DRAWN]
    return [line for line in drawn if line.event_id not in figures.unseated]


def _chief(holder: Holder, figures: Figures, _today: date) -> Iterator[Waiting]:
    own = _covered(holder, Role.CHIEF_JUDGE, figures.lines)
    for line, signed, total in _scoring(own, figures):
        task = Task.CONFIRM if signed == total else Task.WATCH
        yield Waiting(
            task, total - signed, line.title, line.contest_id, line.event_id, signed, total
        )
    yield from _by_contest(Task.OPEN_SCORING, _can_open(own, figures))
    yield from _rulings(own, figures)


def _rulings(own: list[EventLine], figures: Figures) -> Iterator[Waiting]:
    for line in own:
        count = figures.rulings.get(line.event_id or 0, 0)
        if count:
            yield Waiting(Task.CARRY_OUT, count, line.title, line.contest_id, line.event_id)


def _arbitrator(holder: Holder, figures: Figures, _today: date) -> Iterator[Waiting]:
    for line in _covered(holder, Role.ARBITRATOR, figures.lines):
        waiting = figures.appeals.get(line.event_id or 0)
        if waiting is not None:
            yield Waiting(
                Task.ANSWER,
                waiting.open,
                line.title,
                line.contest_id,
                line.event_id,
                due=waiting.due_at,
            )


def _scoring(own: list[EventLine], figures: Figures) -> Iterator[tuple[EventLine, int, int]]:
    for line in own:
        if line.state is EventState.SCORING:
            signed, total = figures.sheets.get(line.event_id or 0, (0, 0))
            yield line, signed, total


def _judge(_holder: Holder, figures: Figures, _today: date) -> Iterator[Waiting]:
    if figures.counts.asked:
        yield Waiting(Task.SIT, figures.counts.asked)
    yield from _seats(seat for seat in figures.seats if not seat.is_clerk)


def _clerk(holder: Holder, figures: Figures, _today: date) -> Iterator[Waiting]:
    if figures.counts.asked and not holder.has(Role.JUDGE):
        yield Waiting(Task.SIT, figures.counts.asked)
    yield from _seats(seat for seat in figures.seats if seat.is_clerk)
    for line in _covered(holder, Role.ENTRY_CLERK, figures.lines):
        if line.state is EventState.SCORING:
            yield Waiting(Task.PAPER, 1, line.title, line.contest_id, line.event_id)


def _seats(seats: Iterable[OwnSeat]) -> Iterator[Waiting]:
    for seat in seats:
        left = seat.sheets - seat.signed
        if left:
            yield Waiting(
                Task.MARK,
                left,
                f"{seat.event_title} · {seat.part_title}",
                event_id=seat.event_id,
                key=seat.signed,
                of=seat.sheets,
            )


def _hall_clerk(holder: Holder, figures: Figures, today: date) -> Iterator[Waiting]:
    for line in _covered(holder, Role.HALL_CLERK, figures.lines):
        gathered = line.state is EventState.REGISTERING and line.entry_closes_on < today
        if gathered or line.state in {EventState.DRAWN, EventState.SCORING}:
            yield Waiting(Task.HALL, 1, line.title, line.contest_id, line.event_id)


def _supervisor(holder: Holder, figures: Figures, _today: date) -> Iterator[Waiting]:
    own = _covered(holder, Role.SUPERVISOR, figures.lines)
    for line in own:
        draft = figures.drafts.get(line.event_id or 0)
        if draft is not None and line.state is EventState.REVIEW:
            yield Waiting(Task.SIGN, 1, line.title, line.contest_id, line.event_id, draft)
    for line, signed, total in _scoring(own, figures):
        yield Waiting(
            Task.OVERSEE, total - signed, line.title, line.contest_id, line.event_id, signed, total
        )


def _sealer(holder: Holder, figures: Figures, _today: date) -> Iterator[Waiting]:
    for line in _covered(holder, Role.SEALER, figures.lines):
        step = figures.sealings.get(line.event_id or 0)
        if step is not None:
            task = Task.SEAL if step is CodeStep.SEAL else Task.UNSEAL
            yield Waiting(task, 1, line.title, line.contest_id, line.event_id)


def _employer(holder: Holder, figures: Figures, today: date) -> Iterator[Waiting]:
    if figures.counts.returned:
        yield Waiting(Task.MEND, figures.counts.returned)
    yield from _entering(holder, Role.EMPLOYER, figures, today)
    if figures.counts.own_entries:
        yield Waiting(Task.OWN_ENTRIES, figures.counts.own_entries)
    if figures.counts.led_appeals:
        yield Waiting(Task.OWN_APPEALS, figures.counts.led_appeals)


def _contestant(holder: Holder, figures: Figures, today: date) -> Iterator[Waiting]:
    if figures.counts.certificates:
        yield Waiting(Task.DOWNLOAD, figures.counts.certificates)
    if figures.counts.own_starts:
        yield Waiting(Task.OWN_ENTRIES, figures.counts.own_starts)
    yield from _entering(holder, Role.CONTESTANT, figures, today)
    if figures.counts.own_appeals:
        yield Waiting(Task.OWN_APPEALS, figures.counts.own_appeals)


def _entering(holder: Holder, role: Role, figures: Figures, today: date) -> Iterator[Waiting]:
    taking = [
        line
        for line in _covered(holder, role, figures.lines)
        if line.state is EventState.REGISTERING
        and line.entry_opens_on <= today <= line.entry_closes_on
    ]
    if taking:
        last = min(line.entry_closes_on for line in taking)
        title = "、".join(dict.fromkeys(line.contest_title for line in taking))
        yield Waiting(Task.ENTER, len(taking), title, until=last)


def _bureau(holder: Holder, figures: Figures, today: date) -> Iterator[Waiting]:
    own = _covered(holder, Role.BUREAU_STAFF, figures.lines)
    contests = {line.contest_id for line in own}
    signed = [line for line in own if line.state is EventState.SIGNED]
    for waiting in _by_contest(Task.POST_NOTICE, signed):
        yield Waiting(waiting.task, waiting.count, waiting.title, waiting.contest_id)
    for notice in figures.notices:
        if notice.contest_id in contests:
            task = Task.CLOSE_NOTICE if notice.ends_on < today else Task.WAIT_NOTICE
            yield Waiting(task, 1, notice.title, key=notice.notice_id, until=notice.ends_on)
    yield from _bureau_people(figures, contests)


def _bureau_people(figures: Figures, contests: set[int]) -> Iterator[Waiting]:
    """Yield what waits for single people of final events: papers, levels, objections."""
    for due in figures.certificates_due:
        if due.contest_id in contests:
            yield Waiting(Task.ISSUE, due.number, due.title, due.contest_id)
    for held in figures.objected:
        if held.contest_id in contests:
            yield Waiting(
                Task.OBJECTIONS, held.number, held.title, key=held.notice_id, until=held.due_on
            )
    for listed in figures.level_lists:
        if listed.contest_id in contests:
            yield Waiting(_LEVELS[listed.state], listed.number, listed.contest, key=listed.list_id)


_LEVELS = {
    LevelListState.DRAFT: Task.SETTLE_LEVELS,
    LevelListState.SUBMITTED: Task.APPROVE_LEVELS,
    LevelListState.APPROVED: Task.SEND_LEVELS,
    LevelListState.SENT: Task.RETURN_LEVELS,
}


def _payer(holder: Holder, figures: Figures, _today: date) -> Iterator[Waiting]:
    if figures.counts.amount:
        yield Waiting(Task.PAY, figures.counts.awards, amount=figures.counts.amount)
    yield from _orders(holder, Role.PAYER, figures)


def _approver(holder: Holder, figures: Figures, _today: date) -> Iterator[Waiting]:
    yield from _orders(holder, Role.APPROVER, figures)


_PAYOUTS = {
    PayoutState.DRAFT: (Role.PAYER, Task.SUBMIT_PAYOUT),
    PayoutState.SUBMITTED: (Role.APPROVER, Task.APPROVE_PAYOUT),
    PayoutState.APPROVED: (Role.PAYER, Task.SEND_PAYOUT),
    PayoutState.SENT: (Role.PAYER, Task.RETURN_PAYOUT),
}


def _orders(holder: Holder, role: Role, figures: Figures) -> Iterator[Waiting]:
    """Yield the payment orders that wait for a role within its contests."""
    within = contests_of(holder, {role})
    for order in figures.payouts:
        whose, task = _PAYOUTS[order.state]
        if whose is role and (within is None or order.contest_id in within):
            yield Waiting(task, order.number, order.contest, key=order.order_id, amount=order.gross)


def _administrator(_holder: Holder, figures: Figures, _today: date) -> Iterator[Waiting]:
    if figures.counts.waiting_accounts:
        yield Waiting(Task.ACTIVATE, figures.counts.waiting_accounts)
    if figures.counts.locked_accounts:
        yield Waiting(Task.UNLOCK, figures.counts.locked_accounts)
