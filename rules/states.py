"""States and the moves allowed between them; a move that is not listed cannot happen."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import TypeVar

from rules.refusals import Refused
from rules.texts import N_


class ContestState(StrEnum):
    """A contest edition, from the first draft to the archive."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class EventState(StrEnum):
    """One event of an edition: entries, draw, scoring, review, signature, notice, final."""

    DRAFT = "draft"
    REGISTERING = "registering"
    DRAWN = "drawn"
    SCORING = "scoring"
    REVIEW = "review"
    SIGNED = "signed"
    NOTICE = "notice"
    FINAL = "final"
    CANCELLED = "cancelled"


class EntryState(StrEnum):
    """An entry on its way through review."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class SheetState(StrEnum):
    """A judge's score sheet for one coded entry."""

    OPEN = "open"
    SIGNED = "signed"
    EXCUSED = "excused"


class RevisionState(StrEnum):
    """A numbered computation of an event's results."""

    DRAFT = "draft"
    SIGNED = "signed"
    SUPERSEDED = "superseded"


class NoticeState(StrEnum):
    """A public notice (公示)."""

    POSTED = "posted"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class AppealState(StrEnum):
    """An appeal (申诉) on its way to its answer; a late one is kept as refused."""

    FILED = "filed"
    HEARING = "hearing"
    RULED = "ruled"
    WITHDRAWN = "withdrawn"
    LATE = "late"


class SignerState(StrEnum):
    """Whether what a certificate of the bureau has signed still counts."""

    TRUSTED = "trusted"
    REVOKED = "revoked"


class CertificateState(StrEnum):
    """An honour certificate."""

    ISSUED = "issued"
    REVOKED = "revoked"


class NumberState(StrEnum):
    """A certificate number in the register; no state frees it."""

    ISSUED = "issued"
    VOID = "void"


class RunState(StrEnum):
    """A run of certificates; checked means that nothing stands in its way."""

    PREPARED = "prepared"
    CHECKED = "checked"
    APPROVED = "approved"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"
    CANCELLED = "cancelled"


class LineState(StrEnum):
    """One certificate of a run; a blocked one has something in its way."""

    WAITING = "waiting"
    BLOCKED = "blocked"
    LEFT_OUT = "left_out"
    ISSUED = "issued"
    PRINTED = "printed"


class StatementKeyState(StrEnum):
    """A key that signs statements; a retired one still proves what it signed."""

    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class ObjectionState(StrEnum):
    """An objection to a public notice; a late one is kept and not accepted.

    Answered is what still has to be carried out or signed; settled is what is done with.
    """

    FILED = "filed"
    IN_HAND = "in_hand"
    ANSWERED = "answered"
    SETTLED = "settled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LATE = "late"


class HonourState(StrEnum):
    """An honour in the register."""

    PROPOSED = "proposed"
    STANDING = "standing"
    REJECTED = "rejected"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class LevelListState(StrEnum):
    """A list of recommended levels between the bureau and the assessment body."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT = "sent"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ReturnState(StrEnum):
    """A file that came back, from an assessment body or the bank."""

    PREVIEWED = "previewed"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"
    UNDONE = "undone"


class DocumentState(StrEnum):
    """A made document; a new one may take its place."""

    MADE = "made"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class TemplateState(StrEnum):
    """A version of a document template between upload and the next version."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


class DesignState(StrEnum):
    """A design of certificates between work on it, a second person's approval, and its end."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETIRED = "retired"


class SealState(StrEnum):
    """The picture of a seal between upload, a second person's approval, and its end."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class PayoutState(StrEnum):
    """A payment order between the payer, the approver and the bank."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT = "sent"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class PayoutLineState(StrEnum):
    """One payee's line of a payment order."""

    ORDERED = "ordered"
    HELD = "held"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    STOPPED = "stopped"
    RECOVERING = "recovering"
    PAID_BACK = "paid_back"


class RecoveryState(StrEnum):
    """Money that was paid and must come back."""

    OPEN = "open"
    RECEIVED = "received"
    WAIVED = "waived"
    CANCELLED = "cancelled"


class ImportState(StrEnum):
    """A spreadsheet that waits for its confirmation."""

    PREVIEWED = "previewed"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


class ReopeningState(StrEnum):
    """A wish to open confirmed marks again."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"


class TurnState(StrEnum):
    """A contestant on the day (R2.03)."""

    WAITING = "waiting"
    CALLED = "called"
    PREPARING = "preparing"
    READY = "ready"
    COMPETING = "competing"
    INTERRUPTED = "interrupted"
    FINISHED = "finished"
    ABSENT = "absent"
    VIOLATION = "violation"


class LotState(StrEnum):
    """A draw of batches, stations, order or papers."""

    COMMITTED = "committed"
    DRAWN = "drawn"
    RESET = "reset"


class AccountState(StrEnum):
    """How an account stands; it follows from its password, its lock and the clock."""

    WAITING = "waiting"
    OPEN = "open"
    LOCKED = "locked"
    CLOSED = "closed"


CONTEST_MOVES = {
    ContestState.DRAFT: {ContestState.PUBLISHED},
    ContestState.PUBLISHED: {ContestState.ARCHIVED},
    ContestState.ARCHIVED: set[ContestState](),
}

EVENT_MOVES = {
    EventState.DRAFT: {EventState.REGISTERING, EventState.CANCELLED},
    EventState.REGISTERING: {EventState.DRAWN, EventState.CANCELLED},
    EventState.DRAWN: {EventState.SCORING, EventState.REGISTERING, EventState.CANCELLED},
    EventState.SCORING: {EventState.REVIEW, EventState.CANCELLED},
    EventState.REVIEW: {EventState.SCORING, EventState.SIGNED},
    # Back to review goes what an upheld objection changes, even after the notice is closed.
    EventState.SIGNED: {EventState.SCORING, EventState.NOTICE, EventState.REVIEW},
    EventState.NOTICE: {EventState.SIGNED, EventState.FINAL, EventState.REVIEW},
    EventState.FINAL: {EventState.REVIEW},
    EventState.CANCELLED: set[EventState](),
}

ENTRY_MOVES = {
    EntryState.SUBMITTED: {
        EntryState.ACCEPTED,
        EntryState.RETURNED,
        EntryState.REJECTED,
        EntryState.WITHDRAWN,
    },
    EntryState.RETURNED: {EntryState.SUBMITTED, EntryState.REJECTED, EntryState.WITHDRAWN},
    EntryState.ACCEPTED: {EntryState.RETURNED, EntryState.REJECTED, EntryState.WITHDRAWN},
    EntryState.REJECTED: set[EntryState](),
    EntryState.WITHDRAWN: {EntryState.SUBMITTED},
}

SHEET_MOVES = {
    SheetState.OPEN: {SheetState.SIGNED, SheetState.EXCUSED},
    SheetState.SIGNED: {SheetState.OPEN, SheetState.EXCUSED},
    SheetState.EXCUSED: set[SheetState](),
}

REVISION_MOVES = {
    RevisionState.DRAFT: {RevisionState.SIGNED, RevisionState.SUPERSEDED},
    RevisionState.SIGNED: {RevisionState.SUPERSEDED},
    RevisionState.SUPERSEDED: set[RevisionState](),
}

NOTICE_MOVES = {
    NoticeState.POSTED: {NoticeState.CLOSED, NoticeState.WITHDRAWN},
    NoticeState.CLOSED: set[NoticeState](),
    NoticeState.WITHDRAWN: set[NoticeState](),
}

APPEAL_MOVES = {
    AppealState.FILED: {AppealState.HEARING, AppealState.WITHDRAWN},
    AppealState.HEARING: {AppealState.RULED, AppealState.WITHDRAWN},
    AppealState.RULED: {AppealState.FILED},  # once, to the second stage
    AppealState.WITHDRAWN: set[AppealState](),
    AppealState.LATE: set[AppealState](),
}

CERTIFICATE_MOVES = {
    CertificateState.ISSUED: {CertificateState.REVOKED},
    CertificateState.REVOKED: set[CertificateState](),
}

STATEMENT_KEY_MOVES = {
    StatementKeyState.ACTIVE: {StatementKeyState.RETIRED, StatementKeyState.COMPROMISED},
    StatementKeyState.RETIRED: {StatementKeyState.COMPROMISED},
    StatementKeyState.COMPROMISED: set[StatementKeyState](),
}

SIGNER_MOVES = {
    SignerState.TRUSTED: {SignerState.REVOKED},
    SignerState.REVOKED: set[SignerState](),
}

OBJECTION_MOVES = {
    ObjectionState.FILED: {
        ObjectionState.IN_HAND,
        ObjectionState.REFUSED,
        ObjectionState.WITHDRAWN,
    },
    ObjectionState.IN_HAND: {
        ObjectionState.ANSWERED,
        ObjectionState.SETTLED,
        ObjectionState.REFUSED,
        ObjectionState.WITHDRAWN,
    },
    ObjectionState.ANSWERED: {ObjectionState.SETTLED},
    ObjectionState.SETTLED: set[ObjectionState](),
    ObjectionState.REFUSED: set[ObjectionState](),
    ObjectionState.WITHDRAWN: set[ObjectionState](),
    ObjectionState.LATE: set[ObjectionState](),
}

HONOUR_MOVES = {
    HonourState.PROPOSED: {HonourState.STANDING, HonourState.REJECTED},
    HonourState.STANDING: {HonourState.REVOKED, HonourState.SUPERSEDED},
    HonourState.REJECTED: set[HonourState](),
    HonourState.REVOKED: set[HonourState](),
    HonourState.SUPERSEDED: set[HonourState](),
}

LEVEL_LIST_MOVES = {
    LevelListState.DRAFT: {LevelListState.SUBMITTED, LevelListState.WITHDRAWN},
    LevelListState.SUBMITTED: {
        LevelListState.DRAFT,
        LevelListState.APPROVED,
        LevelListState.WITHDRAWN,
    },
    LevelListState.APPROVED: {LevelListState.SENT, LevelListState.WITHDRAWN},
    LevelListState.SENT: {LevelListState.CLOSED, LevelListState.WITHDRAWN},
    LevelListState.CLOSED: {LevelListState.SENT},  # a number that came late, or was undone
    LevelListState.WITHDRAWN: set[LevelListState](),
}

DOCUMENT_MOVES = {
    DocumentState.MADE: {DocumentState.SUPERSEDED, DocumentState.WITHDRAWN},
    DocumentState.SUPERSEDED: set[DocumentState](),
    DocumentState.WITHDRAWN: set[DocumentState](),
}

TEMPLATE_MOVES = {
    TemplateState.DRAFT: {TemplateState.APPROVED, TemplateState.RETIRED},
    TemplateState.APPROVED: {TemplateState.RETIRED},
    TemplateState.RETIRED: set[TemplateState](),
}

RUN_MOVES = {
    RunState.PREPARED: {RunState.PREPARED, RunState.CHECKED, RunState.CANCELLED},
    RunState.CHECKED: {
        RunState.PREPARED,
        RunState.CHECKED,
        RunState.APPROVED,
        RunState.CANCELLED,
    },
    RunState.APPROVED: {
        RunState.PREPARED,
        RunState.CHECKED,
        RunState.RUNNING,
        RunState.CANCELLED,
    },
    RunState.RUNNING: {RunState.STOPPED, RunState.FAILED, RunState.DONE},
    RunState.STOPPED: {RunState.RUNNING, RunState.CANCELLED},
    RunState.FAILED: {RunState.RUNNING, RunState.CANCELLED},
    RunState.DONE: set[RunState](),
    RunState.CANCELLED: set[RunState](),
}

DESIGN_MOVES = {
    DesignState.DRAFT: {DesignState.SUBMITTED, DesignState.RETIRED},
    DesignState.SUBMITTED: {DesignState.DRAFT, DesignState.APPROVED, DesignState.RETIRED},
    DesignState.APPROVED: {DesignState.DRAFT, DesignState.RETIRED},
    DesignState.RETIRED: set[DesignState](),
}

SEAL_MOVES = {
    SealState.DRAFT: {SealState.APPROVED, SealState.WITHDRAWN},
    SealState.APPROVED: {SealState.WITHDRAWN},
    SealState.WITHDRAWN: set[SealState](),
}

PAYOUT_MOVES = {
    PayoutState.DRAFT: {PayoutState.SUBMITTED, PayoutState.CANCELLED},
    PayoutState.SUBMITTED: {PayoutState.DRAFT, PayoutState.APPROVED, PayoutState.CANCELLED},
    PayoutState.APPROVED: {PayoutState.SENT, PayoutState.CANCELLED},
    PayoutState.SENT: {PayoutState.SETTLED},
    PayoutState.SETTLED: {PayoutState.SENT},  # an answer of the bank was undone
    PayoutState.CANCELLED: set[PayoutState](),
}

PAYOUT_LINE_MOVES = {
    PayoutLineState.ORDERED: {
        PayoutLineState.HELD,
        PayoutLineState.SENT,
        PayoutLineState.STOPPED,
    },
    PayoutLineState.HELD: {PayoutLineState.ORDERED, PayoutLineState.STOPPED},
    PayoutLineState.SENT: {PayoutLineState.PAID, PayoutLineState.FAILED},
    PayoutLineState.PAID: {PayoutLineState.SENT, PayoutLineState.RECOVERING},
    PayoutLineState.FAILED: {PayoutLineState.SENT},  # an answer of the bank was undone
    PayoutLineState.STOPPED: set[PayoutLineState](),
    PayoutLineState.RECOVERING: {PayoutLineState.PAID, PayoutLineState.PAID_BACK},
    PayoutLineState.PAID_BACK: set[PayoutLineState](),
}

RECOVERY_MOVES = {
    RecoveryState.OPEN: {
        RecoveryState.RECEIVED,
        RecoveryState.WAIVED,
        RecoveryState.CANCELLED,
    },
    RecoveryState.RECEIVED: set[RecoveryState](),
    RecoveryState.WAIVED: set[RecoveryState](),
    RecoveryState.CANCELLED: set[RecoveryState](),
}

IMPORT_MOVES = {
    ImportState.PREVIEWED: {ImportState.CONFIRMED, ImportState.DISCARDED},
    ImportState.CONFIRMED: set[ImportState](),
    ImportState.DISCARDED: set[ImportState](),
}

RETURN_MOVES = {
    ReturnState.PREVIEWED: {ReturnState.CONFIRMED, ReturnState.DISCARDED},
    ReturnState.CONFIRMED: {ReturnState.UNDONE},
    ReturnState.DISCARDED: set[ReturnState](),
    ReturnState.UNDONE: set[ReturnState](),
}

REOPENING_MOVES = {
    ReopeningState.PROPOSED: {ReopeningState.AGREED, ReopeningState.DECLINED},
    ReopeningState.AGREED: set[ReopeningState](),
    ReopeningState.DECLINED: set[ReopeningState](),
}

TURN_MOVES = {
    TurnState.WAITING: {TurnState.CALLED, TurnState.PREPARING, TurnState.ABSENT},
    TurnState.CALLED: {TurnState.WAITING, TurnState.PREPARING, TurnState.ABSENT},
    TurnState.PREPARING: {TurnState.WAITING, TurnState.READY, TurnState.VIOLATION},
    TurnState.READY: {TurnState.PREPARING, TurnState.COMPETING, TurnState.VIOLATION},
    TurnState.COMPETING: {TurnState.INTERRUPTED, TurnState.FINISHED, TurnState.VIOLATION},
    TurnState.INTERRUPTED: {TurnState.COMPETING, TurnState.FINISHED, TurnState.VIOLATION},
    # What was recorded by mistake is taken back, with a reason.
    TurnState.FINISHED: {TurnState.COMPETING, TurnState.VIOLATION},
    TurnState.ABSENT: {TurnState.WAITING},
    TurnState.VIOLATION: {TurnState.INTERRUPTED, TurnState.PREPARING},
}

LOT_MOVES = {
    LotState.COMMITTED: {LotState.DRAWN, LotState.RESET},
    LotState.DRAWN: {LotState.RESET},
    LotState.RESET: set[LotState](),
}

State = TypeVar("State", bound=StrEnum)


def moved(moves: Mapping[State, AbstractSet[State]], old: State, new: State) -> State:
    """Return the new state; refuse a move that the table does not list."""
    if new not in moves[old]:
        raise Refused(N_("This step is not possible in the present state."))
    return new
