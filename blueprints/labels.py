"""The names under which readers know states, roles and other coded values."""

from enum import Enum
from typing import NamedTuple

from flask_babel import gettext

from rules.access import Role
from rules.appeals import Effect as RulingEffect
from rules.appeals import Filer, Kind, Outcome
from rules.conflicts import ConflictKind
from rules.documents import DocumentKind, LeftOutFor
from rules.draws import LotKind
from rules.editions import ContestLevel
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.identity import IdKind
from rules.judges import JudgeKind, SeatAnswer, SeatDuty, TitleGrade
from rules.layers import LayerKind
from rules.level_checks import Settled
from rules.notices import Ordering
from rules.objections import Channel, Conclusion
from rules.papers import Agreement, PageProblem, PageState
from rules.ranking import EntryStatus
from rules.sampling import Finding, Reason
from rules.schemes import AspectKind
from rules.signoffs import Step, Verdict
from rules.states import (
    AccountState,
    AppealState,
    CertificateState,
    ContestState,
    DocumentState,
    EntryState,
    EventState,
    HonourState,
    ImportState,
    LevelListState,
    LotState,
    NoticeState,
    ObjectionState,
    ReopeningState,
    ReturnState,
    RevisionState,
    SheetState,
    TemplateState,
    TurnState,
)
from rules.texts import N_
from rules.violations import Effect as Breach


class Label(NamedTuple):
    """A word for the reader and the tone of its chip: neutral, info, good, warn or bad."""

    text: str
    tone: str = "neutral"


_LABELS: tuple[tuple[Enum, Label], ...] = (
    (Breach.WARNING, Label(N_("Warning"), "warn")),
    (Breach.DEDUCTION, Label(N_("Deduction"), "warn")),
    (Breach.EXCLUSION, Label(N_("Exclusion"), "bad")),
    (ContestLevel.NATIONAL, Label(N_("National"))),
    (ContestLevel.PROVINCE, Label(N_("Province"))),
    (ContestLevel.CITY, Label(N_("City"))),
    (ContestLevel.COUNTY, Label(N_("County or district"))),
    (AspectKind.POINTS, Label(N_("Points"))),
    (AspectKind.MEASUREMENT, Label(N_("Measurement"))),
    (AspectKind.JUDGEMENT, Label(N_("Judgement"))),
    (AspectKind.DEVIATION, Label(N_("Measured value"))),
    (AspectKind.CHOICE, Label(N_("Choice"))),
    (AspectKind.BANDS, Label(N_("Bands"))),
    (ObjectionState.FILED, Label(N_("Objection received"), "warn")),
    (ObjectionState.IN_HAND, Label(N_("In hand"), "info")),
    (ObjectionState.ANSWERED, Label(N_("Answered"), "good")),
    (ObjectionState.REFUSED, Label(N_("Not accepted"), "bad")),
    (ObjectionState.WITHDRAWN, Label(N_("Withdrawn"))),
    (ObjectionState.LATE, Label(N_("Too late"), "bad")),
    (Channel.ONLINE, Label(N_("On this page"))),
    (Channel.LETTER, Label(N_("By letter"))),
    (Channel.PHONE, Label(N_("By telephone"))),
    (Channel.MAIL, Label(N_("By e-mail"))),
    (Channel.VISIT, Label(N_("In person"))),
    (Conclusion.UPHELD, Label(N_("The objection is upheld"), "bad")),
    (Conclusion.PARTLY, Label(N_("Upheld in part"), "warn")),
    (Conclusion.NOT_UPHELD, Label(N_("Not upheld"), "good")),
    (HonourKind.PRIZE, Label(N_("Prize"))),
    (HonourKind.TITLE, Label(N_("Title of honour"))),
    (HonourLevel.NATIONAL, Label(N_("National"))),
    (HonourLevel.PROVINCE, Label(N_("Province"))),
    (HonourLevel.CITY, Label(N_("City"))),
    (HonourLevel.COUNTY, Label(N_("County or district"))),
    (HonourLevel.EMPLOYER, Label(N_("Employer"))),
    (HonourVia.CONTEST, Label(N_("By contest"))),
    (HonourVia.SELECTION, Label(N_("By selection"))),
    (HonourSource.AWARD, Label(N_("Result of a contest here"))),
    (HonourSource.EXTERNAL, Label(N_("Recorded from elsewhere"))),
    (HonourSource.HISTORY, Label(N_("Taken over from older lists"))),
    (HonourState.PROPOSED, Label(N_("Waits for confirmation"), "warn")),
    (HonourState.STANDING, Label(N_("Stands"), "good")),
    (HonourState.REJECTED, Label(N_("Rejected"), "bad")),
    (HonourState.REVOKED, Label(N_("Revoked"), "bad")),
    (HonourState.SUPERSEDED, Label(N_("Superseded"))),
    (LevelListState.DRAFT, Label(N_("Draft"))),
    (LevelListState.SUBMITTED, Label(N_("Waits for approval"), "warn")),
    (LevelListState.APPROVED, Label(N_("Approved"), "good")),
    (LevelListState.SENT, Label(N_("At the assessment body"), "info")),
    (LevelListState.CLOSED, Label(N_("All certified"), "good")),
    (LevelListState.WITHDRAWN, Label(N_("Withdrawn"))),
    (ReturnState.PREVIEWED, Label(N_("To be confirmed"), "warn")),
    (ReturnState.CONFIRMED, Label(N_("Taken over"), "good")),
    (ReturnState.DISCARDED, Label(N_("Put away"))),
    (ReturnState.UNDONE, Label(N_("Taken back"), "bad")),
    (Settled.KEPT, Label(N_("Kept"), "good")),
    (Settled.DROPPED, Label(N_("Dropped"))),
    (DocumentKind.NOTICE, Label(N_("Text of the public notice"))),
    (DocumentKind.DECISION, Label(N_("Award decision"))),
    (DocumentKind.WINNERS, Label(N_("Winners' list"))),
    (DocumentKind.LEVELS, Label(N_("Level list for publication"))),
    (LeftOutFor.APPEAL, Label(N_("An appeal is open"))),
    (LeftOutFor.OBJECTION, Label(N_("An objection is open"))),
    (DocumentState.MADE, Label(N_("Document stands"), "good")),
    (DocumentState.SUPERSEDED, Label(N_("Superseded"), "bad")),
    (DocumentState.WITHDRAWN, Label(N_("Withdrawn"))),
    (TemplateState.DRAFT, Label(N_("Waits for a second person"), "warn")),
    (TemplateState.APPROVED, Label(N_("In use"), "good")),
    (TemplateState.RETIRED, Label(N_("Out of use"))),
    (ContestState.DRAFT, Label(N_("Draft"))),
    (ContestState.PUBLISHED, Label(N_("Published"), "good")),
    (ContestState.ARCHIVED, Label(N_("Archived"))),
    (PageState.FILED, Label(N_("Filed"), "good")),
    (PageState.TRAY, Label(N_("In the tray"), "warn")),
    (PageState.DROPPED, Label(N_("Put away"))),
    (PageProblem.UNREADABLE, Label(N_("No code could be read"), "warn")),
    (PageProblem.FOREIGN, Label(N_("Not a sheet of this event"), "bad")),
    (PageProblem.OUTDATED, Label(N_("Printed by an old version of the scheme"), "bad")),
    (PageProblem.UNKNOWN, Label(N_("No such sheet"), "bad")),
    (PageProblem.RESERVE, Label(N_("Reserve sheet"), "info")),
    (PageProblem.DUPLICATE, Label(N_("This page is there already"), "bad")),
    (Agreement.WAITING, Label(N_("Not complete yet"))),
    (Agreement.SAME, Label(N_("Same"), "good")),
    (Agreement.CLERKS_DIFFER, Label(N_("Clerks differ"), "bad")),
    (Agreement.SCREEN_DIFFERS, Label(N_("Screen differs"), "bad")),
    (EventState.DRAFT, Label(N_("Draft"))),
    (EventState.REGISTERING, Label(N_("Entries open"), "info")),
    (EventState.DRAWN, Label(N_("Codes drawn"), "info")),
    (EventState.SCORING, Label(N_("Scoring"), "warn")),
    (EventState.REVIEW, Label(N_("Marks confirmed"), "info")),
    (EventState.SIGNED, Label(N_("Results signed"), "info")),
    (EventState.NOTICE, Label(N_("Public notice"), "warn")),
    (EventState.FINAL, Label(N_("Final"), "good")),
    (EventState.CANCELLED, Label(N_("Cancelled"), "bad")),
    (EntryState.SUBMITTED, Label(N_("To be reviewed"), "warn")),
    (EntryState.RETURNED, Label(N_("Returned"), "bad")),
    (EntryState.ACCEPTED, Label(N_("Accepted"), "good")),
    (EntryState.REJECTED, Label(N_("Rejected"), "bad")),
    (EntryState.WITHDRAWN, Label(N_("Withdrawn"))),
    (EntryStatus.COMPETED, Label(N_("Competed"), "good")),
    (EntryStatus.ABSENT, Label(N_("Absent"), "warn")),
    (EntryStatus.WITHDRAWN, Label(N_("Withdrew"))),
    (EntryStatus.VIOLATION, Label(N_("Violation"), "bad")),
    (LayerKind.DRAW_NUMBER, Label(N_("Draw number"))),
    (LayerKind.SEAT, Label(N_("Work station"))),
    (LayerKind.WORK_CODE, Label(N_("Work code"))),
    (SheetState.OPEN, Label(N_("Open"), "warn")),
    (SheetState.SIGNED, Label(N_("Signed"), "good")),
    (SheetState.EXCUSED, Label(N_("Excused"))),
    (RevisionState.DRAFT, Label(N_("Draft"))),
    (RevisionState.SIGNED, Label(N_("Signed"), "good")),
    (RevisionState.SUPERSEDED, Label(N_("Superseded"), "bad")),
    (NoticeState.POSTED, Label(N_("Public notice running"), "warn")),
    (NoticeState.CLOSED, Label(N_("Closed"), "good")),
    (NoticeState.WITHDRAWN, Label(N_("Withdrawn"))),
    (Ordering.AWARD, Label(N_("By award, then by rank"))),
    (Ordering.AWARD_STROKES, Label(N_("By award, then by strokes of the family name"))),
    (Ordering.STROKES, Label(N_("By strokes of the family name"))),
    (Ordering.PINYIN, Label(N_("By spelling of the name"))),
    (Ordering.ENTRY, Label(N_("By entry"))),
    (Ordering.EMPLOYER, Label(N_("By employer"))),
    (CertificateState.ISSUED, Label(N_("Valid"), "good")),
    (CertificateState.REVOKED, Label(N_("Revoked"), "bad")),
    (Step.JUDGE, Label(N_("Judges"))),
    (Step.GROUP, Label(N_("Head of the group"))),
    (Step.CLERK, Label(N_("Entry clerk"))),
    (Step.CHIEF, Label(N_("Chief judge"))),
    (Step.SUPERVISOR, Label(N_("Supervisor"))),
    (Verdict.CONFIRMED, Label(N_("Confirmed"), "good")),
    (Verdict.SENT_BACK, Label(N_("Sent back"), "bad")),
    (Reason.TOP, Label(N_("Among the best"))),
    (Reason.RANDOM, Label(N_("Drawn at random"))),
    (Reason.RISK, Label(N_("Award line"))),
    (Reason.ALL, Label(N_("Full check"))),
    (Finding.AGREES, Label(N_("Agrees"), "good")),
    (Finding.WRONG, Label(N_("Differs"), "bad")),
    (ReopeningState.PROPOSED, Label(N_("Waits for a second person"), "warn")),
    (ReopeningState.AGREED, Label(N_("Agreed"), "good")),
    (ReopeningState.DECLINED, Label(N_("Declined"), "bad")),
    (ImportState.PREVIEWED, Label(N_("Waits for confirmation"), "warn")),
    (ImportState.CONFIRMED, Label(N_("Imported"), "good")),
    (ImportState.DISCARDED, Label(N_("Discarded"))),
    (LotKind.BATCH, Label(N_("Batches"))),
    (LotKind.STATION, Label(N_("Stations"))),
    (LotKind.ORDER, Label(N_("Starting order"))),
    (LotKind.PAPER, Label(N_("Task paper"))),
    (LotState.COMMITTED, Label(N_("Waits for the figures"), "warn")),
    (LotState.DRAWN, Label(N_("Drawn"), "good")),
    (LotState.RESET, Label(N_("Reset"), "bad")),
    (TurnState.WAITING, Label(N_("Waiting"))),
    (TurnState.CALLED, Label(N_("Called"), "warn")),
    (TurnState.PREPARING, Label(N_("Checked in"), "info")),
    (TurnState.READY, Label(N_("Ready"), "info")),
    (TurnState.COMPETING, Label(N_("Competing"), "good")),
    (TurnState.INTERRUPTED, Label(N_("Interrupted"), "warn")),
    (TurnState.FINISHED, Label(N_("Finished"), "good")),
    (TurnState.ABSENT, Label(N_("Absent"), "bad")),
    (TurnState.VIOLATION, Label(N_("Violation"), "bad")),
    (AccountState.WAITING, Label(N_("Not activated"), "warn")),
    (AccountState.OPEN, Label(N_("In use"), "good")),
    (AccountState.LOCKED, Label(N_("Locked"), "bad")),
    (AccountState.CLOSED, Label(N_("Deactivated"))),
    (IdKind.RESIDENT, Label(N_("Resident ID card"))),
    (IdKind.FOREIGN_RESIDENT, Label(N_("Foreign permanent resident ID card"))),
    (IdKind.HK_MACAO_PERMIT, Label(N_("Hong Kong and Macao permit"))),
    (IdKind.TAIWAN_PERMIT, Label(N_("Taiwan permit"))),
    (IdKind.PASSPORT, Label(N_("Passport"))),
    (JudgeKind.SCENE, Label(N_("On the scene"))),
    (JudgeKind.SEALING, Label(N_("Sealing of codes"))),
    (JudgeKind.SCORING, Label(N_("Scoring of works"))),
    (TitleGrade.NONE, Label(N_("No professional title"))),
    (TitleGrade.JUNIOR, Label(N_("Junior title"))),
    (TitleGrade.MIDDLE, Label(N_("Middle title"))),
    (TitleGrade.DEPUTY_SENIOR, Label(N_("Deputy senior title"))),
    (TitleGrade.SENIOR, Label(N_("Senior title"))),
    (SeatDuty.MEMBER, Label(N_("Member of the panel"))),
    (SeatDuty.RESERVE, Label(N_("Reserve judge"))),
    (SeatDuty.TRAINEE, Label(N_("Trainee judge"))),
    (SeatDuty.RECUSED, Label(N_("Stepped back"))),
    (SeatAnswer.ASKED, Label(N_("No answer yet"), "warn")),
    (SeatAnswer.ACCEPTED, Label(N_("Seat accepted"), "good")),
    (SeatAnswer.DECLINED, Label(N_("Seat declined"), "bad")),
    (ConflictKind.SELF, Label(N_("Starts in this event"), "bad")),
    (ConflictKind.KIN, Label(N_("Kin"), "warn")),
    (ConflictKind.COACH, Label(N_("Coach"), "warn")),
    (ConflictKind.MENTOR, Label(N_("Mentor or apprentice"), "warn")),
    (ConflictKind.EMPLOYER, Label(N_("Employer has entries here"), "warn")),
    (ConflictKind.OTHER, Label(N_("Other relation"), "warn")),
    (AppealState.FILED, Label(N_("Filed"), "warn")),
    (AppealState.HEARING, Label(N_("Being heard"), "info")),
    (AppealState.RULED, Label(N_("Answered"), "good")),
    (AppealState.WITHDRAWN, Label(N_("Withdrawn"))),
    (AppealState.LATE, Label(N_("Refused: too late"), "bad")),
    (Kind.EQUIPMENT, Label(N_("Equipment, tools or material"))),
    (Kind.STAFF, Label(N_("Conduct of judges or staff"))),
    (Kind.PROCEDURE, Label(N_("Procedure of the event"))),
    (Kind.MARKS, Label(N_("Check of the marks"))),
    (Filer.LEADER, Label(N_("Team leader"))),
    (Filer.CONTESTANT, Label(N_("Contestant"))),
    (Filer.PAPER, Label(N_("On paper"))),
    (Outcome.UPHELD, Label(N_("Upheld"), "good")),
    (Outcome.PARTLY, Label(N_("Upheld in part"), "warn")),
    (Outcome.REJECTED, Label(N_("Rejected"), "bad")),
    (Outcome.NOT_ACCEPTED, Label(N_("Not accepted"), "bad")),
    (RulingEffect.NONE, Label(N_("Nothing changes"))),
    (RulingEffect.REOPEN, Label(N_("Marks are given again"), "warn")),
    (RulingEffect.TIME, Label(N_("Time is given back"), "warn")),
    (RulingEffect.REPEAT, Label(N_("The task is repeated"), "warn")),
    (RulingEffect.STATUS, Label(N_("The attendance is corrected"), "warn")),
    (Role.ORGANIZER, Label(N_("Organizer"))),
    (Role.CHIEF_JUDGE, Label(N_("Chief judge"))),
    (Role.JUDGE, Label(N_("Judge"))),
    (Role.ENTRY_CLERK, Label(N_("Entry clerk"))),
    (Role.SEALER, Label(N_("Sealer"))),
    (Role.HALL_CLERK, Label(N_("Hall clerk"))),
    (Role.SUPERVISOR, Label(N_("Supervisor"))),
    (Role.ARBITRATOR, Label(N_("Arbitrator"))),
    (Role.EMPLOYER, Label(N_("Employer"))),
    (Role.CONTESTANT, Label(N_("Contestant"))),
    (Role.BUREAU_STAFF, Label(N_("Bureau staff"))),
    (Role.PAYER, Label(N_("Payer"))),
    (Role.ADMINISTRATOR, Label(N_("Administrator"))),
)
# Members of two enumerations with the same name and text are equal; their classes tell them apart.
LABELS = {(type(value), value): known for value, known in _LABELS}

LEVELS = {
    1: N_("Level 1, senior technician"),
    2: N_("Level 2, technician"),
    3: N_("Level 3, senior worker"),
    4: N_("Level 4, intermediate worker"),
    5: N_("Level 5, junior worker"),
}


def label(value: Enum) -> str:
    """Say a coded value in the reader's language."""
    return str(gettext(LABELS[type(value), value].text))


def tone(value: Enum) -> str:
    """Return the tone of a coded value's chip."""
    return LABELS[type(value), value].tone


def level_title(level: int | None) -> str:
    """Say a skill level in the reader's language."""
    return "" if level is None else gettext(LEVELS[level])
