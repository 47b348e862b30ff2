"""Craftsman selections (评选): channels, kinds of work, states, and the moves between them (R5)."""

from collections.abc import Mapping
from enum import StrEnum


class Verb(StrEnum):
    """What a programme calls what it does; the word decides which law it falls under (R4.36)."""

    SELECT = "select"
    CHOOSE = "choose"
    RECOGNISE = "recognise"
    EVALUATE = "evaluate"
    COMMEND = "commend"
    APPOINT = "appoint"


class ProgrammeState(StrEnum):
    """A programme that still has rounds, or has ended."""

    ACTIVE = "active"
    ENDED = "ended"


class RoundState(StrEnum):
    """A round between the first draft and its end (R5.01).

    ``open`` from publication: applications come in until the deadline, checks go on beside it.
    """

    DRAFT = "draft"
    OPEN = "open"
    REVIEW = "review"
    PROPOSED = "proposed"
    DECIDED = "decided"
    CANCELLED = "cancelled"


ROUND_MOVES: Mapping[RoundState, frozenset[RoundState]] = {
    RoundState.DRAFT: frozenset({RoundState.OPEN, RoundState.CANCELLED}),
    RoundState.OPEN: frozenset({RoundState.REVIEW, RoundState.CANCELLED}),
    RoundState.REVIEW: frozenset({RoundState.OPEN, RoundState.PROPOSED, RoundState.CANCELLED}),
    RoundState.PROPOSED: frozenset({RoundState.REVIEW, RoundState.DECIDED}),
    RoundState.DECIDED: frozenset({RoundState.REVIEW}),
    RoundState.CANCELLED: frozenset(),
}


class Channel(StrEnum):
    """The way an application comes in (R5.02)."""

    PERSON = "person"
    EMPLOYER = "employer"
    ASSOCIATION = "association"
    EXPERT = "expert"


class Post(StrEnum):
    """What somebody does at work, as far as rules ask for it (R5.05, R5.08)."""

    FRONT_LINE = "front_line"
    TECHNICIAN = "technician"
    MANAGER = "manager"
    UNIT_HEAD = "unit_head"
    OFFICIAL = "official"
    TEACHER = "teacher"
    STUDENT = "student"
    RETIRED = "retired"
    FREELANCE = "freelance"


class UnitKind(StrEnum):
    """What the work unit is."""

    COMPANY = "company"
    INSTITUTION = "institution"
    GOVERNMENT = "government"
    SCHOOL = "school"
    ASSOCIATION = "association"
    SELF_EMPLOYED = "self_employed"


class ApplicationState(StrEnum):
    """An application between the first word typed and its outcome.

    ``checking`` means that it is in the chain of checks, ``qualified`` that it goes to review.
    """

    DRAFT = "draft"
    CHECKING = "checking"
    RETURNED = "returned"
    QUALIFIED = "qualified"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"


_Application = ApplicationState
APPLICATION_MOVES: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    _Application.DRAFT: frozenset(
        {_Application.CHECKING, _Application.WITHDRAWN, _Application.MERGED}
    ),
    _Application.CHECKING: frozenset(
        {
            _Application.RETURNED,
            _Application.QUALIFIED,
            _Application.REFUSED,
            _Application.WITHDRAWN,
            _Application.MERGED,
        }
    ),
    _Application.RETURNED: frozenset(
        {
            _Application.CHECKING,
            _Application.REFUSED,
            _Application.WITHDRAWN,
            _Application.MERGED,
        }
    ),
    _Application.QUALIFIED: frozenset(
        {
            _Application.CHECKING,
            _Application.REFUSED,
            _Application.WITHDRAWN,
            _Application.CHOSEN,
            _Application.NOT_CHOSEN,
        }
    ),
    _Application.REFUSED: frozenset({_Application.CHECKING}),
    _Application.WITHDRAWN: frozenset(),
    _Application.MERGED: frozenset(),
    _Application.CHOSEN: frozenset(
        {_Application.QUALIFIED, _Application.NOT_CHOSEN, _Application.WITHDRAWN}
    ),
    _Application.NOT_CHOSEN: frozenset({_Application.QUALIFIED, _Application.CHOSEN}),
}
# Of these a person can have one in a round.
LIVING = (
    _Application.DRAFT,
    _Application.CHECKING,
    _Application.RETURNED,
    _Application.QUALIFIED,
    _Application.CHOSEN,
    _Application.NOT_CHOSEN,
)


class EvidenceKind(StrEnum):
    """A kind of achievement; each has its own date (R5.14)."""

    LEVEL = "level"
    CONTEST = "contest"
    HONOUR = "honour"
    PATENT = "patent"
    WORK = "work"
    INNOVATION = "innovation"
    PAPER = "paper"
    APPRENTICE = "apprentice"
    OTHER = "other"


class EvidenceSource(StrEnum):
    """Whether the register says so, or the applicant."""

    REGISTER = "register"
    TYPED = "typed"


class Body(StrEnum):
    """Who takes a step of the chain of checks."""

    EMPLOYER = "employer"
    DISTRICT = "district"
    UNION = "union"
    ASSOCIATION = "association"
    BUREAU = "bureau"


class StepState(StrEnum):
    """One application at one step of the chain."""

    WAITING = "waiting"
    PASSED = "passed"
    RETURNED = "returned"
    REFUSED = "refused"


class OpinionAnswer(StrEnum):
    """What another body answered to a letter (R5.09)."""

    NONE = "none"
    NO_OBJECTION = "no_objection"
    OBJECTION = "objection"


class OpinionDealing(StrEnum):
    """What becomes of an application after an objection."""

    GO_ON = "go_on"
    STOP = "stop"


class OverrideState(StrEnum):
    """A clause set aside for one application: proposed by one person, agreed by another."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REJECTED = "rejected"


class ReviewerState(StrEnum):
    """A seat of the panel."""

    SEATED = "seated"
    DECLINED = "declined"
    REPLACED = "replaced"


class BallotState(StrEnum):
    """A ballot of the panel."""

    OPEN = "open"
    COUNTED = "counted"
    VOID = "void"


class ProposalState(StrEnum):
    """A numbered list of who shall be chosen; a corrected one replaces the last."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class HolderState(StrEnum):
    """A title in its term (R5.17)."""

    RUNNING = "running"
    ENDED = "ended"
    REVOKED = "revoked"


class HolderReportState(StrEnum):
    """The yearly report of a holder (R5.17)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class BenefitKind(StrEnum):
    """What a holder is given besides the prize."""

    ALLOWANCE = "allowance"
    REST_CURE = "rest_cure"
    HEALTH_CHECK = "health_check"
    OTHER = "other"


class BenefitState(StrEnum):
    """A benefit of one holder in one year."""

    DUE = "due"
    ORDERED = "ordered"
    GIVEN = "given"
    DECLINED = "declined"
    CANCELLED = "cancelled"
