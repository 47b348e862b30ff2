"""The sheets of a panel: saved while they are typed, signed, opened again with a reason (R5.15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import and_, func, select

from models.accounts import Account
from models.database import db
from models.people import Employer, Person
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionRecusal, SelectionReviewer, SelectionSheet
from models.selections import SelectionRound
from rules.refusals import Missing, Refused, check_reason
from rules.selection_reviews import (
    MARKED,
    SheetTotal,
    missing_lines,
    ranks_of,
    read_mark,
    sheet_sum,
)
from rules.selection_rounds import Review
from rules.selections import ApplicationState, ReviewerState, RoundState
from rules.texts import N_
from services import audits, selection_files, selections
from services.acting import Actor
from services.selection_reviews import own_seat, voters_of
from services.selection_reviews_seats import NOT_UNDER_REVIEW, check_pledged, check_reviewing
from services.selection_reviews_totals import Signed, digest_of, signed_sheets, totals_of
from services.transaction import STALE, transaction

# Applications that the panel reviews, and those whose outcome stands already.
REVIEWED = (
    ApplicationState.QUALIFIED,
    ApplicationState.CHOSEN,
    ApplicationState.NOT_CHOSEN,
)
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Reviewed:
    """One application in a reviewer's list."""

    id: int
    number: int | None
    name: str
    unit: str
    tier: str
    recused: str | None
    total: Decimal | None
    missing: int
    signed: bool

    @property
    def state(self) -> str:
        """Return what is to be done with it, in a word that the list filters by."""
        if self.recused is not None:
            return "recused"
        if self.signed:
            return "signed"
        if self.total is None:
            return "open"
        return "begun" if self.missing else "complete"


@dataclass(frozen=True)
class OwnList:
    """All applications of a round as one reviewer sees them."""

    seat: SelectionReviewer
    round: SelectionRound
    review: Review
    rows: list[Reviewed]

    def count(self, *states: str) -> int:
        """Count the applications in some states."""
        return sum(one.state in states for one in self.rows)


def list_own(account_id: int, round_id: int) -> OwnList:
    """List the applications of a round for a reviewer, in as many statements for any number."""
    seat = own_seat(account_id, round_id)
    row = selections.get_round(round_id)
    review = selections.rules_of(row).review
    query = (
        select(
            SelectionApplication.id,
            SelectionApplication.number,
            Person.name,
            Employer.title,
            SelectionApplication.tier,
            SelectionRecusal.kind,
            SelectionSheet.marks,
            SelectionSheet.signed_at,
        )
        .join(Person, Person.id == SelectionApplication.person_id)
        .outerjoin(Employer, Employer.id == SelectionApplication.employer_id)
        .outerjoin(
            SelectionSheet,
            and_(
                SelectionSheet.application_id == SelectionApplication.id,
                SelectionSheet.reviewer_id == seat.id,
            ),
        )
        .outerjoin(
            SelectionRecusal,
            and_(
                SelectionRecusal.application_id == SelectionApplication.id,
                SelectionRecusal.reviewer_id == seat.id,
            ),
        )
        .where(SelectionApplication.round_id == round_id, SelectionApplication.state.in_(REVIEWED))
        .order_by(SelectionApplication.number, SelectionApplication.id)
    )
    return OwnList(seat, row, review, [_reviewed(review, one) for one in db.session.execute(query)])


def _reviewed(review: Review, one: Sequence[object]) -> Reviewed:
    key, number, name, unit, tier, recused, marks, signed_at = one
    marks = marks or {}
    assert isinstance(marks, dict)
    total = sheet_sum(review, marks) if marks else None
    missing = len(missing_lines(review, marks)) if marks else len(review.sheet)
    return Reviewed(
        key,  # type: ignore[arg-type]
        number,  # type: ignore[arg-type]
        str(name),
        str(unit or ""),
        str(tier or ""),
        None if recused is None else str(recused),
        total,
        missing,
        signed_at is not None,
    )


def review_for(account_id: int, round_id: int, application_id: int) -> Review:
    """Return by what a reviewer marks an application; raise Missing for one that he doesn't."""
    seat = own_seat(account_id, round_id)
    query = select(SelectionApplication.id).where(
        SelectionApplication.id == application_id,
        SelectionApplication.round_id == round_id,
        SelectionApplication.state.in_(REVIEWED),
    )
    is_there = db.session.scalar(query) is not None
    if not is_there or seat.pledged_at is None or is_recused(seat.id, application_id):
        raise Missing(application_id)
    return selections.rules_of(selections.get_round(round_id)).review


@transaction
def save_sheet(
    by: Actor,
    application_id: int,
    marks: Mapping[str, str],
    note: str | None = None,
    version: int | None = None,
) -> int:
    """Save the marks of one's own sheet as far as they are typed; return its new version."""
    row = _own_sheet(by, application_id)
    review = selections.rules_of(selections.get_round(row.reviewer.round_id)).review
    if version is not None and row.id is not None and version != row.version:
        raise Refused(STALE)
    typed = {key: text.strip() for key, text in marks.items() if text.strip()}
    for key, text in typed.items():
        found = read_mark(review, key, text)
        if isinstance(found, Refused):
            raise found
    if note is not None and len(note) > LONGEST_NOTE:
        raise Refused(N_("The note is too long."), "note")
    row.marks, row.note, row.saved_at = typed, note or None, by.now
    db.session.add(row)
    db.session.flush()
    after = {"application": application_id, "lines": len(typed)}
    audits.record(by, "save_sheet", "selection_sheet", row.id, after=after)
    return row.version


def _own_sheet(by: Actor, application_id: int) -> SelectionSheet:
    """Return one's own sheet, locked and not signed; a new one if there is none."""
    application = db.session.get(SelectionApplication, application_id)
    if application is None:
        raise Missing(application_id)
    seat = own_seat(by.account_id, application.round_id)
    check_may_mark(seat, application)
    query = select(SelectionSheet).where(
        SelectionSheet.reviewer_id == seat.id, SelectionSheet.application_id == application_id
    )
    row = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        return SelectionSheet(reviewer=seat, application_id=application_id, marks={})
    if row.signed_at is not None:
        raise Refused(N_("This sheet is signed and does not change."))
    return row


def check_may_mark(seat: SelectionReviewer, application: SelectionApplication) -> None:
    """Part: refuse marks before the review and the pledge, and of who steps aside."""
    round_ = selections.get_round(seat.round_id)
    check_reviewing(round_)
    if application.state not in REVIEWED:
        raise Refused(NOT_UNDER_REVIEW)
    if selections.rules_of(round_).review.method not in MARKED:
        raise Refused(N_("This round is not reviewed by sheets."))
    check_pledged(seat)
    if is_recused(seat.id, application.id):
        raise Missing(application.id)


def is_recused(reviewer_id: int, application_id: int) -> bool:
    """Say whether a reviewer is kept from an application."""
    query = select(SelectionRecusal.id).where(
        SelectionRecusal.reviewer_id == reviewer_id,
        SelectionRecusal.application_id == application_id,
    )
    return db.session.scalar(query) is not None


@transaction
def sign_sheet(by: Actor, application_id: int) -> int:
    """Sign one's own finished sheet: it does not change any more. Return its id."""
    row = _own_sheet(by, application_id)
    review = selections.rules_of(selections.get_round(row.reviewer.round_id)).review
    missing = missing_lines(review, row.marks)
    if missing:
        titles = "、".join(one.title for one in review.sheet if one.key in missing)
        raise Refused(N_("Not marked yet: %(lines)s."), lines=titles)
    _sign(by, row)
    return row.id


@transaction
def sign_finished(by: Actor, round_id: int) -> int:
    """Sign all of one's own sheets that are complete; return how many."""
    seat = own_seat(by.account_id, round_id)
    round_ = selections.get_round(round_id)
    if round_.state is not RoundState.REVIEW:
        raise Refused(N_("This is possible while the round is under review."))
    review = selections.rules_of(round_).review
    recused = select(SelectionRecusal.application_id).where(SelectionRecusal.reviewer_id == seat.id)
    query = select(SelectionSheet).where(
        SelectionSheet.reviewer_id == seat.id,
        SelectionSheet.signed_at.is_(None),
        SelectionSheet.application_id.not_in(recused),
    )
    found = db.session.scalars(query.with_for_update()).all()
    complete = [one for one in found if not missing_lines(review, one.marks)]
    if not complete:
        raise Refused(N_("No sheet is complete and still to be signed."))
    for row in complete:
        _sign(by, row)
    return len(complete)


def _sign(by: Actor, row: SelectionSheet) -> None:
    row.signed_at = by.now
    row.digest = digest_of(row.reviewer_id, row.application_id, row.marks)
    after = {"application": row.application_id, "digest": row.digest}
    audits.record(by, "sign_sheet", "selection_sheet", row.id, after=after)


@transaction
def reopen_sheet(by: Actor, sheet_id: int, *, reason: str) -> int:
    """Open a signed sheet again; the marks that were signed stay in the record."""
    check_reason(reason)
    row = db.session.get(SelectionSheet, sheet_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(sheet_id)
    if row.signed_at is None:
        raise Refused(N_("This sheet is not signed."))
    if selections.get_round(row.reviewer.round_id).state is not RoundState.REVIEW:
        raise Refused(N_("This is possible while the round is under review."))
    before = {"marks": row.marks, "digest": row.digest}
    row.signed_at, row.digest, row.reopened_reason = None, "", reason
    audits.record(
        by, "reopen_sheet", "selection_sheet", row.id, before=before, after={"reason": reason}
    )
    return row.reviewer.round_id


def own_sheet(seat: SelectionReviewer, application_id: int) -> SelectionSheet | None:
    """Return one's own sheet of an application, if it has begun."""
    query = select(SelectionSheet).where(
        SelectionSheet.reviewer_id == seat.id, SelectionSheet.application_id == application_id
    )
    return db.session.scalar(query)


@dataclass(frozen=True)
class Load:
    """How far one reviewer is."""

    seat: SelectionReviewer
    all: int
    signed: int
    recused: int

    @property
    def open(self) -> int:
        """Return how many sheets are still to be signed."""
        return self.all - self.signed


@dataclass(frozen=True)
class Scored:
    """One application with its total, or why it has none yet; marks are shown once all signed."""

    id: int
    number: int | None
    name: str
    unit: str
    total: SheetTotal | None
    why: Refused | None
    signed: int
    expected: int
    sheets: Mapping[int, int]
    rank: int | None = None


@dataclass(frozen=True)
class Overview:
    """The whole review as the staff sees it."""

    loads: list[Load]
    scored: list[Scored]

    @property
    def open_sheets(self) -> int:
        """Return how many sheets are not signed yet."""
        return sum(one.open for one in self.loads)


def overview(round_id: int) -> Overview:
    """Return how far the panel is, and the totals of what all have signed; seven statements."""
    row = selections.get_round(round_id)
    review = selections.rules_of(row).review
    seats = voters_of(round_id)
    names = _names(round_id)
    recused = _recused(round_id)
    sheets = signed_sheets(round_id)
    asked = {one[0]: [s.id for s in seats if (s.id, one[0]) not in recused] for one in names}
    totals = totals_of(round_id, review, asked, sheets)
    scored = [_scored(one, asked[one[0]], sheets.get(one[0], {}), totals) for one in names]
    ranks = ranks_of({one.id: one.total.total for one in scored if one.total is not None})
    ranked = [replace(one, rank=ranks.get(one.id)) for one in scored]
    ranked.sort(key=lambda one: (one.rank is None, one.rank or 0, one.number or 0, one.id))
    return Overview([_load(one, names, recused, sheets) for one in seats], ranked)


Names = Sequence[tuple[int, int | None, str, str]]


def _names(round_id: int) -> Names:
    query = (
        select(
            SelectionApplication.id,
            SelectionApplication.number,
            Person.name,
            func.coalesce(Employer.title, ""),
        )
        .join(Person, Person.id == SelectionApplication.person_id)
        .outerjoin(Employer, Employer.id == SelectionApplication.employer_id)
        .where(SelectionApplication.round_id == round_id, SelectionApplication.state.in_(REVIEWED))
    )
    return [(one[0], one[1], one[2], one[3]) for one in db.session.execute(query)]


def _recused(round_id: int) -> set[tuple[int, int]]:
    query = (
        select(SelectionRecusal.reviewer_id, SelectionRecusal.application_id)
        .join(SelectionReviewer, SelectionReviewer.id == SelectionRecusal.reviewer_id)
        .where(SelectionReviewer.round_id == round_id)
    )
    return {(one, other) for one, other in db.session.execute(query)}


def _scored(
    one: tuple[int, int | None, str, str],
    asked: Sequence[int],
    sheets: Mapping[int, tuple[int, str]],
    totals: Mapping[int, SheetTotal | Refused],
) -> Scored:
    shown = {key: sheets[key][0] for key in asked if key in sheets}
    total: SheetTotal | None = None
    why: Refused | None = None
    if len(shown) < len(asked):
        why = Refused(
            N_("%(signed)s of %(all)s sheets are signed."), signed=len(shown), all=len(asked)
        )
    else:
        found = totals[one[0]]
        total, why = (None, found) if isinstance(found, Refused) else (found, None)
    return Scored(*one, total, why, len(shown), len(asked), shown)


def _load(
    seat: SelectionReviewer, names: Names, recused: set[tuple[int, int]], sheets: Signed
) -> Load:
    own = [one[0] for one in names if (seat.id, one[0]) not in recused]
    signed = sum(seat.id in sheets.get(key, {}) for key in own)
    return Load(seat, len(own), signed, len(names) - len(own))


def rounds_of(account_id: int) -> Sequence[tuple[SelectionReviewer, SelectionRound]]:
    """List the rounds on whose panel an account sits, the latest first."""
    query = (
        select(SelectionReviewer, SelectionRound)
        .join(SelectionRound, SelectionRound.id == SelectionReviewer.round_id)
        .join(Account, Account.id == SelectionReviewer.account_id)
        .where(
            SelectionReviewer.account_id == account_id,
            SelectionReviewer.state == ReviewerState.SEATED,
        )
        .order_by(SelectionRound.id.desc())
    )
    return [(seat, row) for seat, row in db.session.execute(query)]


def _reads(account: Account, application_id: int) -> bool:
    """Say whether somebody on the panel may open the files of an application."""
    query = (
        select(SelectionReviewer.id)
        .join(SelectionApplication, SelectionApplication.round_id == SelectionReviewer.round_id)
        .where(
            SelectionApplication.id == application_id,
            SelectionReviewer.account_id == account.id,
            SelectionReviewer.state == ReviewerState.SEATED,
            SelectionReviewer.pledged_at.is_not(None),
            ~SelectionReviewer.reserve,
        )
    )
    seat_id = db.session.scalar(query)
    return seat_id is not None and not is_recused(seat_id, application_id)


selection_files.let_read("application", _reads)
