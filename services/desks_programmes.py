"""What waits in workshops, mentorships, stipends and selections: figures from one statement."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import join, outerjoin

from models.accounts import Account
from models.database import db
from models.mentorships import (
    Acceptance,
    Mentorship,
    MentorshipAmendment,
    MentorshipRules,
    MentorshipSignature,
    Milestone,
)
from models.stipends import StipendCase, StipendRun, StipendScale
from models.workshop_applications import WorkshopApplication
from models.workshops import (
    WorkshopAssessment,
    WorkshopGradeRound,
    WorkshopPolicy,
    WorkshopReport,
)
from rules.access import Holder, Role, contests_of
from rules.mentorships import AmendmentState, LimitsState, MentorshipState, Party
from rules.stipends import RunState, ScaleState
from rules.workshop_dues import DueKind
from rules.workshops import (
    ApplicationState,
    AssessmentState,
    GradeRoundState,
    PolicyState,
    ReportState,
)
from services import (
    desks_provincial,
    desks_selections,
    mentorships_lists,
    selection_checks_lists,
    workshops_dues,
)
from services.desks_tasks import Task, Waiting
from services.workshops_dues import Line

GOING_ON = (MentorshipState.RUNNING, MentorshipState.PAUSED)


class Figure(NamedTuple):
    """A task with the keys of what waits; a single key leads to its own page."""

    task: Task
    keys: Any
    conditions: Sequence[Any]
    source: Any = None

    def query(self, number: int) -> Select[Any]:
        """Return the statement's part that counts."""
        low, high = func.min(self.keys), func.max(self.keys)
        query = select(literal(number).label("figure"), func.count(), low, high)
        if self.source is not None:
            query = query.select_from(self.source)
        return query.where(*self.conditions)


def collect(holder: Holder, today: date) -> dict[Role, list[Waiting]]:
    """Collect what waits by role, in at most seventeen statements."""
    asked = [
        (role, figure)
        for role, makers in _MAKERS.items()
        if _acts_as(holder, role)
        for maker in makers
        for figure in maker(holder, today)
    ]
    found: dict[Role, list[Waiting]] = {}
    for role, waiting in _all(asked, holder, today):
        found.setdefault(role, []).append(waiting)
    return found


def _all(
    asked: Sequence[tuple[Role, Figure]], holder: Holder, today: date
) -> Iterator[tuple[Role, Waiting]]:
    yield from _counted(asked)
    yield from _dues(holder, today)
    yield from _months(holder, today)
    yield from _checks(holder, today)


def _checks(holder: Holder, today: date) -> Iterator[tuple[Role, Waiting]]:
    """Yield what the bodies for which somebody acts have to check in selections."""
    roles = (Role.SELECTION_CLERK, Role.EMPLOYER, Role.BUREAU_STAFF)
    role = next((one for one in roles if _acts_as(holder, one)), None)
    account = db.session.get(Account, holder.account_id) if role is not None else None
    if role is None or account is None:
        return
    waiting, overdue = selection_checks_lists.count_waiting(account, today)
    if waiting:
        yield role, Waiting(Task.CHECK_SELECTIONS, waiting)
    if overdue:
        yield role, Waiting(Task.CHECKS_OVERDUE, overdue)


def _acts_as(holder: Holder, role: Role) -> bool:
    """Say whether a role reaches these things: they belong to no contest, but some to owners."""
    if not holder.has(role):
        return False
    if role is Role.EMPLOYER:
        return holder.employer_id is not None
    if role is Role.CONTESTANT:
        return holder.person_id is not None
    return contests_of(holder, {role}) is None


def _counted(asked: Sequence[tuple[Role, Figure]]) -> Iterator[tuple[Role, Waiting]]:
    if not asked:
        return
    parts = [figure.query(number) for number, (_role, figure) in enumerate(asked)]
    rows = db.session.execute(union_all(*parts)).all()
    for number, count, low, high in sorted(rows, key=lambda row: row[0]):
        role, figure = asked[number]
        if count:
            yield role, Waiting(figure.task, count, key=low if low == high else None)


def _dues(holder: Holder, today: date) -> Iterator[tuple[Role, Waiting]]:
    """Yield what the due dates of workshops ask of the bureau and of hosts."""
    roles = [one for one in (Role.EMPLOYER, Role.BUREAU_STAFF) if _acts_as(holder, one)]
    if not roles:
        return
    lines = workshops_dues.board(today)
    late = [one for one in lines if one.is_overdue]
    if late and Role.BUREAU_STAFF in roles:
        yield Role.BUREAU_STAFF, _until(Task.WORKSHOPS_OVERDUE, late)
    own = [
        one
        for one in lines
        if one.due.kind is DueKind.REPORT
        and one.workshop is not None
        and one.workshop.employer_id == holder.employer_id
    ]
    if own and Role.EMPLOYER in roles:
        yield Role.EMPLOYER, _until(Task.REPORT_WORKSHOP, own)


def _until(task: Task, lines: Sequence[Line]) -> Waiting:
    return Waiting(task, len(lines), until=min(one.due.due_on for one in lines))


def _months(holder: Holder, today: date) -> Iterator[tuple[Role, Waiting]]:
    """Yield the months that a mentor or apprentice has not confirmed yet."""
    if not _acts_as(holder, Role.CONTESTANT):
        return
    me = holder.person_id or 0
    pairs = [one for one in mentorships_lists.list_own(me) if one.state in GOING_ON]
    sides = {one.id: Party.MENTOR if one.mentor_id == me else Party.APPRENTICE for one in pairs}
    found = mentorships_lists.waiting_of(pairs, sides, today)
    months = {key: one.months for key, one in found.items() if one.months}
    if months:
        key = next(iter(months)) if len(months) == 1 else None
        yield Role.CONTESTANT, Waiting(Task.CONFIRM_MONTHS, sum(months.values()), key=key)


def _applications(holder: Holder, today: date) -> Iterator[Figure]:
    """Yield the applications for workshops by the step that comes next."""
    key, state = WorkshopApplication.id, WorkshopApplication.state
    visited = WorkshopApplication.site_by_id.is_distinct_from(holder.account_id)
    over = WorkshopApplication.notice_ends_on < today
    yield Figure(Task.CHECK_APPLICATION, key, [state == ApplicationState.SUBMITTED])
    yield Figure(Task.VISIT_APPLICATION, key, [state == ApplicationState.CHECKED])
    yield Figure(Task.DECIDE_APPLICATION, key, [state == ApplicationState.SITE_CHECKED, visited])
    yield Figure(Task.NOTIFY_APPLICATION, key, [state == ApplicationState.DECIDED])
    yield Figure(Task.FOUND_WORKSHOP, key, [state == ApplicationState.NOTICE, over])


def _workshops(holder: Holder, _today: date) -> Iterator[Figure]:
    """Yield what waits of workshops that stand, for a second person where one is needed."""
    me = holder.account_id
    yield Figure(
        Task.CHECK_REPORT, WorkshopReport.id, [WorkshopReport.state == ReportState.SUBMITTED]
    )
    yield Figure(
        Task.CONFIRM_ASSESSMENT,
        WorkshopAssessment.id,
        [
            WorkshopAssessment.state == AssessmentState.FILLED,
            WorkshopAssessment.filled_by_id != me,
        ],
    )
    yield Figure(
        Task.DECIDE_GRADES,
        WorkshopGradeRound.id,
        [
            WorkshopGradeRound.state == GradeRoundState.PROPOSED,
            WorkshopGradeRound.proposed_by_id.is_distinct_from(me),
        ],
    )
    yield Figure(
        Task.APPROVE_POLICY,
        WorkshopPolicy.id,
        [
            WorkshopPolicy.state == PolicyState.DRAFT,
            WorkshopPolicy.written_by_id.is_distinct_from(me),
        ],
    )


def _rules(holder: Holder, _today: date) -> Iterator[Figure]:
    """Yield limits of mentorships and scales of stipends that wait for a second person."""
    me = holder.account_id
    yield Figure(
        Task.APPROVE_LIMITS,
        MentorshipRules.id,
        [
            MentorshipRules.state == LimitsState.PROPOSED,
            MentorshipRules.proposed_by_id.is_distinct_from(me),
        ],
    )
    yield Figure(
        Task.APPROVE_SCALE,
        StipendScale.id,
        [
            StipendScale.state == ScaleState.DRAFT,
            StipendScale.drafted_by_id.is_distinct_from(me),
        ],
    )


def _stipends(holder: Holder, _today: date) -> Iterator[Figure]:
    """Yield runs to check, and pairs that were broken off without an agreed decision (R7.03)."""
    me = holder.account_id
    yield Figure(
        Task.CHECK_STIPENDS,
        StipendRun.id,
        [StipendRun.state == RunState.DRAFT, StipendRun.prepared_by_id.is_distinct_from(me)],
    )
    open_case = or_(
        StipendCase.id.is_(None) & ~Mentorship.imported,
        StipendCase.id.is_not(None)
        & StipendCase.agreed_at.is_(None)
        & StipendCase.decided_by_id.is_distinct_from(me),
    )
    yield Figure(
        Task.DECIDE_CASES,
        Mentorship.id,
        [Mentorship.state == MentorshipState.BROKEN_OFF, open_case],
        outerjoin(Mentorship, StipendCase, StipendCase.mentorship_id == Mentorship.id),
    )


def _approvals(holder: Holder, _today: date) -> Iterator[Figure]:
    me = holder.account_id
    yield Figure(
        Task.APPROVE_STIPENDS,
        StipendRun.id,
        [
            StipendRun.state == RunState.CHECKED,
            StipendRun.prepared_by_id.is_distinct_from(me),
            StipendRun.checked_by_id.is_distinct_from(me),
        ],
    )


def _orders(_holder: Holder, _today: date) -> Iterator[Figure]:
    yield Figure(Task.ORDER_STIPENDS, StipendRun.id, [StipendRun.state == RunState.APPROVED])


def _host(holder: Holder, _today: date) -> Iterator[Figure]:
    yield Figure(
        Task.MEND_APPLICATION,
        WorkshopApplication.id,
        [
            WorkshopApplication.state == ApplicationState.RETURNED,
            WorkshopApplication.employer_id == holder.employer_id,
        ],
    )


def _employer(holder: Holder, today: date) -> Iterator[Figure]:
    """Yield what an employer has to do for its pairs."""
    own = Mentorship.employer_id == holder.employer_id
    unsigned = ~_signed(Party.EMPLOYER, 0)
    yield Figure(
        Task.SIGN_PAIRS, Mentorship.id, [own, Mentorship.state == MentorshipState.SIGNING, unsigned]
    )
    yield Figure(
        Task.SIGN_AMENDMENTS,
        Mentorship.id,
        [own, _changing(), ~_signed(Party.EMPLOYER, MentorshipAmendment.number)],
        _AMENDED,
    )
    yield Figure(Task.RECORD_ACCEPTANCES, Mentorship.id, [own, *_unaccepted(today)])
    yield Figure(
        Task.CONFIRM_ACCEPTANCES,
        Mentorship.id,
        [
            own,
            Mentorship.state == MentorshipState.RUNNING,
            Acceptance.employer_confirmed_at.is_(None),
        ],
        _CHECKED,
    )


def _unaccepted(today: date) -> list[Any]:
    """Return the conditions of a pair whose term is over without a check."""
    check = select(Acceptance.id).where(Acceptance.mentorship_id == Mentorship.id).exists()
    return [Mentorship.state == MentorshipState.RUNNING, Mentorship.ends_on < today, ~check]


def _person(holder: Holder, today: date) -> Iterator[Figure]:
    """Yield what a mentor or apprentice has to sign and to confirm."""
    me = holder.person_id
    to_sign = _of_side(me, lambda party: ~_signed(party, 0))
    yield Figure(
        Task.SIGN_OWN_PAIRS, Mentorship.id, [Mentorship.state == MentorshipState.SIGNING, to_sign]
    )
    to_sign = _of_side(me, lambda party: ~_signed(party, MentorshipAmendment.number))
    yield Figure(Task.SIGN_OWN_AMENDMENTS, Mentorship.id, [_changing(), to_sign], _AMENDED)
    yield Figure(Task.CONFIRM_MILESTONES, Mentorship.id, _milestones(me, today), _PLANNED)
    yield Figure(
        Task.CONFIRM_OWN_ACCEPTANCES,
        Mentorship.id,
        [
            Mentorship.state == MentorshipState.RUNNING,
            _of_side(me, lambda party: _open(Acceptance, party)),
        ],
        _CHECKED,
    )


def _milestones(person_id: int | None, today: date) -> list[Any]:
    """Return the conditions of a milestone that is due, or that the other side has confirmed."""
    other = {Party.MENTOR: Party.APPRENTICE, Party.APPRENTICE: Party.MENTOR}
    return [
        Mentorship.state.in_(GOING_ON),
        Milestone.withdrawn_at.is_(None),
        _of_side(
            person_id,
            lambda party: (
                _open(Milestone, party)
                & or_(Milestone.due_on <= today, ~_open(Milestone, other[party]))
            ),
        ),
    ]


def _open(model: type[Milestone | Acceptance], party: Party) -> Any:
    return getattr(model, f"{party}_confirmed_at").is_(None)


def _of_side(person_id: int | None, what: Callable[[Party], Any]) -> Any:
    """Return the condition that something holds for the side on which a person is."""
    mentor = (Mentorship.mentor_id == person_id) & what(Party.MENTOR)
    return or_(mentor, (Mentorship.apprentice_id == person_id) & what(Party.APPRENTICE))


def _signed(party: Party, amendment: Any) -> Any:
    """Return the condition that a party's signature stands."""
    query = select(MentorshipSignature.id).where(
        MentorshipSignature.mentorship_id == Mentorship.id,
        MentorshipSignature.amendment == amendment,
        MentorshipSignature.party == party,
        MentorshipSignature.dropped_at.is_(None),
    )
    return query.correlate(Mentorship, MentorshipAmendment).exists()


def _changing() -> Any:
    return Mentorship.state.in_(GOING_ON) & (MentorshipAmendment.state == AmendmentState.PROPOSED)


def _joined(model: Any) -> Any:
    return join(Mentorship, model, model.mentorship_id == Mentorship.id)


_AMENDED, _CHECKED, _PLANNED = (
    _joined(one) for one in (MentorshipAmendment, Acceptance, Milestone)
)


def _of_selections(
    make: Callable[[Holder, date], Iterator[desks_selections.Asked]],
) -> Callable[[Holder, date], Iterator[Figure]]:
    return lambda holder, today: (Figure(*one) for one in make(holder, today))


_MAKERS: dict[Role, tuple[Callable[[Holder, date], Iterator[Figure]], ...]] = {
    Role.EMPLOYER: (_host, _employer, _of_selections(desks_selections.of_employer)),
    Role.CONTESTANT: (
        _person,
        _of_selections(desks_selections.of_person),
        _of_selections(desks_provincial.of_person),
    ),
    Role.BUREAU_STAFF: (
        _applications,
        _workshops,
        _rules,
        _stipends,
        _of_selections(desks_selections.of_bureau),
        _of_selections(desks_provincial.of_bureau),
    ),
    Role.PAYER: (_orders, _of_selections(desks_selections.of_payer)),
    Role.APPROVER: (_approvals,),
    Role.REVIEWER: (_of_selections(desks_selections.of_reviewer),),
}
