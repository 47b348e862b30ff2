"""The decision of a round, once its notice is over, and its way back after an upheld objection."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.contests import Contest, Event
from models.database import db
from models.notices import Notice, NoticeItem
from models.results import Revision
from models.selections import SelectionRound
from rules.refusals import Refused
from rules.selections import ROUND_MOVES, RoundState
from rules.states import EventState, NoticeState, RevisionState, moved
from rules.texts import N_
from services import audits, honours, payouts_changes, selection_holders_terms, selections
from services.acting import Actor
from services.transaction import STALE, transaction


@transaction
def decide(by: Actor, round_id: int, base: int, *, document: str, decided_on: date) -> int:
    """Record the decision on a round whose notice is over (R5.01); titles count from its day.

    With it the register of honours takes the titles up, and money and certificates can follow.
    """
    row = selections.lock_round(round_id)
    if row.version != base:
        raise Refused(STALE)
    if row.contest_id is None or not _is_final(row.contest_id):
        raise Refused(N_("The decision comes when the notice of the list is closed."))
    _check(by, row, document, decided_on)
    before = {"state": row.state}
    row.state = moved(ROUND_MOVES, row.state, RoundState.DECIDED)
    row.decided_on, row.decision_document = decided_on, document.strip()
    db.session.flush()
    added, _gone = honours.add_final(by, row.contest_id)
    selection_holders_terms.follow(by, row.contest_id)
    payouts_changes.follow_results(by, row.contest_id)
    after = {"state": row.state, "document": row.decision_document, "decided_on": decided_on}
    after |= {"added": added}
    audits.record(by, "decide", "selection_round", row.id, before=before, after=after)
    return row.id


def _check(by: Actor, row: SelectionRound, document: str, decided_on: date) -> None:
    if row.state is not RoundState.PROPOSED:
        raise Refused(N_("Only a round whose list is proposed can be decided."))
    if not document.strip():
        raise Refused(N_("Name the document of the decision."), "document")
    if decided_on > by.today:
        raise Refused(N_("The decision cannot lie in the future."), "decided_on")
    last = db.session.scalar(
        select(Notice.ends_on)
        .where(Notice.contest_id == row.contest_id, Notice.state == NoticeState.CLOSED)
        .order_by(Notice.id.desc())
        .limit(1)
    )
    if last is not None and decided_on <= last:
        raise Refused(N_("The decision comes after the last day of the notice."), "decided_on")


def _is_final(contest_id: int) -> bool:
    query = select(Event.id).where(Event.contest_id == contest_id, Event.state == EventState.FINAL)
    return db.session.scalar(query) is not None


def standing_notice(row: SelectionRound, today: date) -> Notice | None:
    """Return the notice of a round's list that everybody can read today."""
    if row.contest_id is None:
        return None
    query = select(Notice).where(
        Notice.contest_id == row.contest_id,
        Notice.state == NoticeState.POSTED,
        Notice.starts_on <= today,
    )
    return db.session.scalar(query.order_by(Notice.id.desc()).limit(1))


@dataclass(frozen=True)
class Stages:
    """How far the list of a round has come: the pages of contests take it on."""

    contest: Contest | None
    event: Event | None = None
    revision: Revision | None = None
    notice: Notice | None = None

    @property
    def is_postable(self) -> bool:
        """Say whether the list waits for a notice."""
        return self.event is not None and self.event.state is EventState.SIGNED

    @property
    def is_final(self) -> bool:
        """Say whether the notice is over, so that the decision can come."""
        return self.event is not None and self.event.state is EventState.FINAL

    @property
    def is_in_review(self) -> bool:
        """Say whether an upheld objection asks for a corrected list."""
        return self.event is not None and self.event.state is EventState.REVIEW


def stages_of(row: SelectionRound) -> Stages:
    """Return how far the list of a round has come, in at most three statements."""
    if row.contest_id is None:
        return Stages(None)
    found = db.session.execute(
        select(Contest, Event, Revision)
        .join(Event, Event.contest_id == Contest.id)
        .outerjoin(
            Revision,
            (Revision.event_id == Event.id) & (Revision.state == RevisionState.SIGNED),
        )
        .where(Contest.id == row.contest_id)
    ).first()
    if found is None:
        return Stages(None)
    notice = db.session.scalar(
        select(Notice)
        .join(NoticeItem, NoticeItem.notice_id == Notice.id)
        .where(Notice.contest_id == row.contest_id, Notice.state != NoticeState.WITHDRAWN)
        .where(NoticeItem.taken_out_at.is_(None))
        .order_by(Notice.id.desc())
        .limit(1)
    )
    return Stages(found[0], found[1], found[2], notice)
