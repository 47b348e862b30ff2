"""What may wait on a desk: the kinds of tasks, and one card of them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum, auto

from rules.refusals import Refused


class Task(StrEnum):
    """A kind of thing that waits."""

    PUBLISH = auto()
    REVIEW = auto()
    DRAW = auto()
    HALL = auto()
    SEAT = auto()
    SEAL = auto()
    UNSEAL = auto()
    OPEN_SCORING = auto()
    COMPUTE = auto()
    WATCH = auto()
    CONFIRM = auto()
    SIT = auto()
    MARK = auto()
    SIGN = auto()
    OVERSEE = auto()
    PAPER = auto()
    ENTER = auto()
    MEND = auto()
    OWN_ENTRIES = auto()
    DOWNLOAD = auto()
    POST_NOTICE = auto()
    CLOSE_NOTICE = auto()
    WAIT_NOTICE = auto()
    ISSUE = auto()
    OBJECTIONS = auto()
    SETTLE_LEVELS = auto()
    APPROVE_LEVELS = auto()
    SEND_LEVELS = auto()
    RETURN_LEVELS = auto()
    PAY = auto()
    SUBMIT_PAYOUT = auto()
    APPROVE_PAYOUT = auto()
    SEND_PAYOUT = auto()
    RETURN_PAYOUT = auto()
    ANSWER = auto()
    CARRY_OUT = auto()
    OWN_APPEALS = auto()
    ACTIVATE = auto()
    UNLOCK = auto()
    CHECK_APPLICATION = auto()
    VISIT_APPLICATION = auto()
    DECIDE_APPLICATION = auto()
    NOTIFY_APPLICATION = auto()
    FOUND_WORKSHOP = auto()
    WORKSHOPS_OVERDUE = auto()
    CHECK_REPORT = auto()
    CONFIRM_ASSESSMENT = auto()
    DECIDE_GRADES = auto()
    APPROVE_POLICY = auto()
    APPROVE_LIMITS = auto()
    APPROVE_SCALE = auto()
    CHECK_STIPENDS = auto()
    APPROVE_STIPENDS = auto()
    ORDER_STIPENDS = auto()
    DECIDE_CASES = auto()
    MEND_APPLICATION = auto()
    REPORT_WORKSHOP = auto()
    SIGN_PAIRS = auto()
    SIGN_AMENDMENTS = auto()
    RECORD_ACCEPTANCES = auto()
    CONFIRM_ACCEPTANCES = auto()
    SIGN_OWN_PAIRS = auto()
    SIGN_OWN_AMENDMENTS = auto()
    CONFIRM_MONTHS = auto()
    CONFIRM_MILESTONES = auto()
    CONFIRM_OWN_ACCEPTANCES = auto()
    SEND_SELECTION = auto()
    MEND_SELECTION = auto()
    MEND_TITLE_REPORT = auto()
    DECIDE_SELECTION = auto()
    CHECK_SELECTIONS = auto()
    CHECKS_OVERDUE = auto()
    SIGN_SELECTION_SHEETS = auto()
    VOTE_SELECTION = auto()
    APPROVE_SELECTION = auto()
    AGREE_AMENDMENT = auto()
    CHECK_TITLE_REPORTS = auto()
    AGREE_REVOCATION = auto()
    GIVE_BENEFITS = auto()
    ORDER_ALLOWANCES = auto()
    AGREE_NAMING = auto()
    CONFIRM_PROVINCIAL = auto()
    SEND_ENTRY_FORM = auto()
    TAKE_INTAKES = auto()
    OWN_PROVINCIAL = auto()


@dataclass(frozen=True)
class Waiting:
    """One card of a desk: a task, how often it waits, and where its page is."""

    task: Task
    count: int
    title: str = ""
    contest_id: int | None = None
    event_id: int | None = None
    key: int | None = None
    of: int | None = None
    amount: Decimal | None = None
    until: date | None = None
    missing: tuple[Refused, ...] = ()
    due: datetime | None = None
