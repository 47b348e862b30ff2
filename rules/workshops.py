"""Master workshops (技能大师工作室): levels, states, and the moves allowed between them (R6)."""

from enum import StrEnum


class WorkshopLevel(StrEnum):
    """The level of the body that recognises a workshop, the lowest first (R6.01)."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"


LADDER = tuple(WorkshopLevel)


def next_level(level: WorkshopLevel) -> WorkshopLevel | None:
    """Return the level above, or None for the nation's."""
    place = LADDER.index(level) + 1
    return LADDER[place] if place < len(LADDER) else None


class WorkshopNaming(StrEnum):
    """Whose name a workshop bears (R6.01)."""

    PERSON = "person"
    COMPANY = "company"


class HostKind(StrEnum):
    """What a workshop is based in (R6.02)."""

    ENTERPRISE = "enterprise"
    INDUSTRY_BODY = "industry_body"
    SCHOOL = "school"
    TRAINING_BASE = "training_base"


class MasterRole(StrEnum):
    """What a master is in a workshop."""

    LEADER = "leader"
    MASTER = "master"


class WorkshopState(StrEnum):
    """A workshop in the register."""

    STANDING = "standing"
    CLOSED = "closed"


class ClosedFor(StrEnum):
    """Why a workshop was closed: after a failed assessment its plaque is removed (R6.06)."""

    FAILED = "failed"
    LEADER_GONE = "leader_gone"
    WISH = "wish"
    FALSE_DATA = "false_data"


class TermState(StrEnum):
    """A term of a workshop at one level (R6.06)."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    STEPPED_UP = "stepped_up"
    CUT_SHORT = "cut_short"


class ApplicationKind(StrEnum):
    """What is applied for: a new workshop, or a higher level for one that stands."""

    FOUNDING = "founding"
    STEP_UP = "step_up"


class ApplicationState(StrEnum):
    """An application between the host's draft and the plaque."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CHECKED = "checked"
    SITE_CHECKED = "site_checked"
    DECIDED = "decided"
    REFUSED = "refused"
    NOTICE = "notice"
    FOUNDED = "founded"
    WITHDRAWN = "withdrawn"


class GrantKind(StrEnum):
    """What a grant is for."""

    FOUNDING = "founding"
    STEP_UP = "step_up"
    RENEWAL = "renewal"
    EXCELLENT = "excellent"


class GrantState(StrEnum):
    """A grant between the decision and the bank."""

    DUE = "due"
    ORDERED = "ordered"
    PAID = "paid"
    CANCELLED = "cancelled"


class ReportState(StrEnum):
    """A yearly report."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Spending(StrEnum):
    """What money of a workshop may be used for; anything else is named apart (R6.10)."""

    TRAINING = "training"
    RESEARCH = "research"
    EXCHANGE = "exchange"
    EQUIPMENT = "equipment"
    OTHER = "other"


class Grade(StrEnum):
    """A yearly grade (R6.07)."""

    EXCELLENT = "excellent"
    PASSED = "passed"
    FAILED = "failed"


class GradeRoundState(StrEnum):
    """The grades of one year and level: entered by one, decided by another."""

    OPEN = "open"
    PROPOSED = "proposed"
    DECIDED = "decided"


class AssessmentState(StrEnum):
    """The assessment at the end of a term: filled by one, confirmed by another."""

    FILLED = "filled"
    RETURNED = "returned"
    CONFIRMED = "confirmed"


class PolicyState(StrEnum):
    """Dated rules for workshops: written by one, approved by another."""

    DRAFT = "draft"
    APPROVED = "approved"
    DISCARDED = "discarded"


class ChangeKind(StrEnum):
    """What happened to the leader of a workshop (R6.12)."""

    LEFT = "left"
    RETIRED = "retired"
    DIED = "died"
    OTHER = "other"


class ChangeState(StrEnum):
    """A change of leader: reported, a successor proposed, settled."""

    REPORTED = "reported"
    PROPOSED = "proposed"
    SETTLED = "settled"
    CLOSED = "closed"


WORKSHOP_MOVES = {
    WorkshopState.STANDING: {WorkshopState.CLOSED},
    WorkshopState.CLOSED: set[WorkshopState](),
}

TERM_MOVES = {
    TermState.RUNNING: {
        TermState.PASSED,
        TermState.FAILED,
        TermState.STEPPED_UP,
        TermState.CUT_SHORT,
    },
    TermState.PASSED: set[TermState](),
    TermState.FAILED: set[TermState](),
    TermState.STEPPED_UP: set[TermState](),
    TermState.CUT_SHORT: set[TermState](),
}

_OUT = {ApplicationState.RETURNED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}
APPLICATION_MOVES = {
    ApplicationState.DRAFT: {ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN},
    ApplicationState.SUBMITTED: {ApplicationState.CHECKED, *_OUT},
    ApplicationState.RETURNED: {ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN},
    ApplicationState.CHECKED: {ApplicationState.SITE_CHECKED, *_OUT},
    ApplicationState.SITE_CHECKED: {ApplicationState.DECIDED, *_OUT},
    ApplicationState.DECIDED: {ApplicationState.NOTICE, ApplicationState.WITHDRAWN},
    # What an objection brings up is looked at again on the site, or ends it.
    ApplicationState.NOTICE: {
        ApplicationState.FOUNDED,
        ApplicationState.CHECKED,
        ApplicationState.REFUSED,
        ApplicationState.WITHDRAWN,
    },
    ApplicationState.FOUNDED: set[ApplicationState](),
    ApplicationState.REFUSED: set[ApplicationState](),
    ApplicationState.WITHDRAWN: set[ApplicationState](),
}
EDITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})
REPORT_EDITABLE = frozenset({ReportState.DRAFT, ReportState.RETURNED})
# Ten apprentices a year with an agreement each, the plan, pictures and receipts.
MOST_PAPERS = 40
OPEN_APPLICATIONS = frozenset(ApplicationState) - {
    ApplicationState.FOUNDED,
    ApplicationState.REFUSED,
    ApplicationState.WITHDRAWN,
}

GRANT_MOVES = {
    GrantState.DUE: {GrantState.ORDERED, GrantState.CANCELLED},
    GrantState.ORDERED: {GrantState.PAID, GrantState.DUE, GrantState.CANCELLED},
    # An answer of the bank was undone, or another one takes its place.
    GrantState.PAID: {GrantState.ORDERED, GrantState.DUE, GrantState.CANCELLED},
    GrantState.CANCELLED: {GrantState.ORDERED, GrantState.PAID},
}

REPORT_MOVES = {
    ReportState.DRAFT: {ReportState.SUBMITTED},
    ReportState.SUBMITTED: {ReportState.RETURNED, ReportState.ACCEPTED},
    ReportState.RETURNED: {ReportState.SUBMITTED},
    ReportState.ACCEPTED: set[ReportState](),
}

GRADE_ROUND_MOVES = {
    GradeRoundState.OPEN: {GradeRoundState.PROPOSED},
    GradeRoundState.PROPOSED: {GradeRoundState.OPEN, GradeRoundState.DECIDED},
    GradeRoundState.DECIDED: set[GradeRoundState](),
}

ASSESSMENT_MOVES = {
    AssessmentState.FILLED: {AssessmentState.RETURNED, AssessmentState.CONFIRMED},
    AssessmentState.RETURNED: {AssessmentState.FILLED},
    AssessmentState.CONFIRMED: set[AssessmentState](),
}

POLICY_MOVES = {
    PolicyState.DRAFT: {PolicyState.APPROVED, PolicyState.DISCARDED},
    PolicyState.APPROVED: set[PolicyState](),
    PolicyState.DISCARDED: set[PolicyState](),
}

CHANGE_MOVES = {
    ChangeState.REPORTED: {ChangeState.PROPOSED, ChangeState.CLOSED},
    ChangeState.PROPOSED: {ChangeState.REPORTED, ChangeState.SETTLED, ChangeState.CLOSED},
    ChangeState.SETTLED: set[ChangeState](),
    ChangeState.CLOSED: set[ChangeState](),
}
