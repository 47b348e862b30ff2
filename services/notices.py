"""Public notices: signed results put up for objections, closed after their last day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from models.contests import Contest, Event
from models.database import db
from models.notices import Notice, NoticeItem
from models.results import Revision
from rules.data import InvalidRules
from rules.notices import Ordering
from rules.personal_data import MESSAGES, Kind, found_in, text_problems
from rules.refusals import Missing, Refused
from rules.states import (
    EVENT_MOVES,
    NOTICE_MOVES,
    ContestState,
    EventState,
    NoticeState,
    RevisionState,
    moved,
)
from rules.texts import N_
from rules.workdays import notice_end
from services import (
    appeals_holds,
    audits,
    calendars,
    certificates_carried,
    contests,
    honours,
    notices_chains,
    notices_lists,
    objections_holds,
    objections_restarts,
    payouts_changes,
)
from services.acting import Actor
from services.pages import Page, page_of
from services.transaction import transaction


@transaction
def post(
    by: Actor,
    contest_id: int,
    *,
    revision_ids: Iterable[int],
    title: str,
    body: str,
    contact: str,
    starts_on: date,
    ordering: Ordering = Ordering.AWARD,
) -> int:
    """Put up signed results; the last day follows from the edition's rules (R3.01, R3.02)."""
    if starts_on < by.today:
        raise Refused(N_("A notice cannot start in the past."), field="starts_on")
    texts = {"title": title, "body": body, "contact": contact}
    _refuse_personal_data(texts, by.today)
    rules = contests.rules_of(contests.get_contest(contest_id))
    revisions = _signed_revisions(contest_id, set(revision_ids))
    terms = notices_chains.terms_of(rules, revisions, starts_on)
    notice = Notice(
        contest_id=contest_id,
        **texts,
        starts_on=starts_on,
        ends_on=last_day(starts_on, terms.working_days, terms.count_first_day),
        **terms._asdict(),
        ordering=ordering,
        posted_at=by.now,
    )
    notice.items = objections_restarts.items_of(rules, revisions)
    _put_up(notice, revisions)
    _refuse_numbers_in_lists(notice, by.today)
    after = {"title": title, "starts_on": starts_on, "ends_on": notice.ends_on}
    after |= {"revisions": [one.id for one in revisions], "ordering": ordering}
    after |= {"level": terms.level} if terms.level else {}
    audits.record(by, "post", "notice", notice.id, contest_id=contest_id, after=after)
    return notice.id


def _put_up(notice: Notice, revisions: Sequence[Revision]) -> None:
    db.session.add(notice)
    _move_events(revisions, EventState.NOTICE)
    for revision in revisions:
        if (held := appeals_holds.result_problem(revision.event)) is not None:
            raise Refused(held.message, "revision_ids", **held.params)
    db.session.flush()


def _refuse_personal_data(texts: dict[str, str], today: date) -> None:
    """Refuse texts that say more of a person than the public may know (R9.03, R9.05)."""
    problems = list(text_problems(texts, today))
    if problems:
        raise InvalidRules(problems)


_NUMBERS = frozenset({Kind.IDENTITY, Kind.MASKED, Kind.MOBILE})


def _refuse_numbers_in_lists(notice: Notice, today: date) -> None:
    """Refuse a list in which a number was typed into a name; the finding is shown shortened."""
    problems = [
        Refused(MESSAGES[finding.kind], "revision_ids", found=finding.shown)
        for text in _texts_of(notice)
        for finding in found_in(text, today, _NUMBERS)
    ]
    if problems:
        raise InvalidRules(problems)


def _texts_of(notice: Notice) -> Iterator[str]:
    for one in notices_lists.notice_lists(notice):
        yield f"{one.event}\n{one.division}"
        for winner in one.winners:
            yield "\n".join((winner.name, winner.employer, winner.award, *winner.honours))


def last_day(starts_on: date, working_days: int, count_first_day: bool) -> date:
    """Return the last day of a notice; a year without a holiday table is refused (R3.03)."""
    try:
        return notice_end(starts_on, working_days, count_first_day, calendars.load_calendar())
    except Refused as refusal:
        raise Refused(refusal.message, "starts_on", **refusal.params) from refusal


@transaction
def close(by: Actor, notice_id: int) -> int:
    """End a notice after its last day; after the last level its results are final (R3.07)."""
    notice = _locked(notice_id)
    if by.today <= notice.ends_on:
        raise Refused(
            N_("The notice stands until %(day)s; it can be closed from the day after."),
            day=notice.ends_on,
        )
    if (held := objections_holds.closing_problem(notice)) is not None:
        raise held
    notice.state = moved(NOTICE_MOVES, notice.state, NoticeState.CLOSED)
    notice.closed_at = by.now
    final = is_final(notice)
    _move_events(_revisions_of(notice_id), EventState.FINAL if final else EventState.SIGNED)
    db.session.flush()
    if final:
        certificates_carried.carry_over(by, notice.contest_id)
        honours.add_final(by, notice.contest_id)
        payouts_changes.follow_results(by, notice.contest_id)
    audits.record(by, "close", "notice", notice_id, contest_id=notice.contest_id)
    return notice_id


@transaction
def withdraw(by: Actor, notice_id: int, *, reason: str) -> int:
    """Take a notice down; its events can be corrected or posted again."""
    notice = _locked(notice_id)
    notice.state = moved(NOTICE_MOVES, notice.state, NoticeState.WITHDRAWN)
    notice.closed_at = by.now
    _move_events(_revisions_of(notice_id), EventState.SIGNED)
    after = {"reason": reason}
    audits.record(by, "withdraw", "notice", notice_id, contest_id=notice.contest_id, after=after)
    return notice_id


def is_final(notice: Notice) -> bool:
    """Say whether a notice makes results final: one of an earlier level does not."""
    levels = contests.rules_of(notice.contest).notice_levels
    return notices_chains.is_final(levels, notice.level)


def _locked(notice_id: int) -> Notice:
    notice = db.session.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None:
        raise Missing(notice_id)
    return notice


def _signed_revisions(contest_id: int, wanted: set[int]) -> list[Revision]:
    if not wanted:
        raise Refused(N_("Choose at least one event."), field="revision_ids")
    found = {revision.id: revision for revision in list_postable(contest_id)}
    if not wanted <= found.keys():
        raise Refused(
            N_("Only signed results that stand in no other notice can be posted."),
            field="revision_ids",
        )
    return [found[key] for key in sorted(wanted)]


def _revisions_of(notice_id: int) -> Sequence[Revision]:
    query = (
        select(Revision)
        .join(NoticeItem, NoticeItem.revision_id == Revision.id)
        .where(NoticeItem.notice_id == notice_id, NoticeItem.taken_out_at.is_(None))
    )
    return db.session.scalars(query).all()


def _move_events(revisions: Sequence[Revision], state: EventState) -> None:
    query = (
        select(Event)
        .where(Event.id.in_([revision.event_id for revision in revisions]))
        .order_by(Event.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for event in db.session.scalars(query):
        event.state = moved(EVENT_MOVES, event.state, state)


def list_postable(contest_id: int) -> list[Revision]:
    """List the signed revisions of a contest's events that wait for a notice."""
    query = (
        select(Revision)
        .join(Revision.event)
        .options(joinedload(Revision.event))
        .where(Event.contest_id == contest_id, Event.state == EventState.SIGNED)
        .where(Revision.state == RevisionState.SIGNED)
        .order_by(Event.position, Event.id)
    )
    return list(db.session.scalars(query))


def list_notices(today: date, page: int = 1, contest_id: int | None = None) -> Page[Notice]:
    """List the notices that the public may read, the newest first."""
    query = (
        select(Notice)
        .options(
            joinedload(Notice.contest),
            selectinload(Notice.items).joinedload(NoticeItem.revision).joinedload(Revision.event),
        )
        .where(Notice.starts_on <= today)
    )
    if contest_id is not None:
        query = query.where(Notice.contest_id == contest_id)
    return page_of(query.order_by(Notice.starts_on.desc(), Notice.id.desc()), page, 20)


def due_notices(today: date) -> Sequence[Notice]:
    """List the notices whose last day has passed and that somebody must close."""
    query = (
        select(Notice)
        .options(joinedload(Notice.contest))
        .where(Notice.state == NoticeState.POSTED, Notice.ends_on < today)
    )
    return db.session.scalars(query.order_by(Notice.ends_on, Notice.id)).all()


def get_notice(notice_id: int) -> Notice:
    """Return a notice with its contest; raise Missing."""
    query = select(Notice).options(joinedload(Notice.contest)).where(Notice.id == notice_id)
    notice = db.session.scalar(query)
    if notice is None:
        raise Missing(notice_id)
    return notice


def list_public_contests() -> Sequence[Contest]:
    """List the contests that have official results, the newest first."""
    query = select(Contest).where(
        Contest.state != ContestState.DRAFT,
        Contest.events.any(Event.state == EventState.FINAL),
    )
    return db.session.scalars(query.order_by(Contest.year.desc(), Contest.id.desc())).all()
