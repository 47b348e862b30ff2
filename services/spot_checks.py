"""Checks of entered marks against the signed paper, by codes alone (R2.25)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from models.contests import Event
from models.database import db
from models.signoffs import SpotCheck, SpotCheckItem
from rules.access import Role
from rules.days import DayRules
from rules.draws import seed_of
from rules.refusals import Missing, Refused
from rules.risks import Bounds, Risk, risk_of
from rules.sampling import (
    Finding,
    Reason,
    drawn,
    marks_digest,
    needs_full_check,
    read_figures,
    share_of,
    top_of,
    uncovered,
)
from rules.signoffs import Blocker, Step
from rules.states import EventState
from rules.texts import N_
from services import audits, contests
from services.acting import Actor
from services.draws import lock_event
from services.signoffs_sheets import SheetFacts, digests_of, read_sheets
from services.spot_checks_standings import Provisional, read_provisional
from services.transaction import transaction


@dataclass(frozen=True)
class ItemLine:
    """One sheet of a check with what stands on it now."""

    item: SpotCheckItem
    sheet: SheetFacts

    @property
    def is_wrong(self) -> bool:
        """Say whether the paper says something else."""
        return self.item.finding is Finding.WRONG

    @property
    def is_mended(self) -> bool:
        """Say whether the sheet now says what the paper says."""
        marks = self.sheet.marks
        return self.is_wrong and all(
            marks.get(key, "") == text for key, text in self.item.values.items()
        )


@dataclass(frozen=True)
class CheckView:
    """A check with its sheets, as its pages show it."""

    check: SpotCheck
    lines: tuple[ItemLine, ...]
    now: Mapping[str, str]

    @cached_property
    def risk(self) -> Risk:
        """Return how far the check of the award lines has come."""
        taints = {
            str(line.sheet.id): Fraction(line.item.taint)
            for line in self.lines
            if line.item.finding is not None
        }
        limit = Fraction(self.check.risk_percent) / 100
        return risk_of(read_bounds(self.check.bounds), self.check.seed, taints, limit)

    @property
    def open(self) -> list[ItemLine]:
        """Return the sheets that nobody has looked at yet."""
        return [line for line in self.lines if line.item.finding is None]

    @property
    def wrong(self) -> list[ItemLine]:
        """Return the sheets on which an error was found."""
        return [line for line in self.lines if line.is_wrong]

    @property
    def unmended(self) -> list[ItemLine]:
        """Return the errors that are not corrected yet."""
        return [line for line in self.wrong if not line.is_mended]

    @property
    def strange(self) -> frozenset[str]:
        """Return the sheets that have changed although the check found no error on them."""
        wrong = (str(line.sheet.id) for line in self.wrong)
        return uncovered(self.check.basis, self.now, wrong)

    @property
    def more(self) -> list[str]:
        """Return the sheets that the check of the award lines asks for beyond the list."""
        listed = {str(line.sheet.id) for line in self.lines}
        return [key for key in self.risk.unseen if key not in listed]


def is_wanted(day: DayRules) -> bool:
    """Say whether an edition has marks checked against paper at all."""
    return "supervisor" in day.signoff and bool(day.check_top_percent + day.check_random_percent)


def find_check(event_id: int, sheets: Sequence[SheetFacts] | None = None) -> CheckView | None:
    """Return the newest check of an event with its sheets; None before the first."""
    whole = (undefer(SpotCheck.basis), undefer(SpotCheck.bounds), undefer(SpotCheck.tiers))
    query = select(SpotCheck).where(SpotCheck.event_id == event_id).options(*whole)
    check = db.session.scalar(query.order_by(SpotCheck.number.desc()).limit(1))
    if check is None:
        return None
    sheets = read_sheets(event_id) if sheets is None else sheets
    facts = {one.id: one for one in sheets}
    items = db.session.scalars(
        select(SpotCheckItem)
        .where(SpotCheckItem.check_id == check.id)
        .options(joinedload(SpotCheckItem.found_by))
        .order_by(SpotCheckItem.id)
    )
    lines = [ItemLine(item, facts[item.sheet_id]) for item in items if item.sheet_id in facts]
    lines.sort(key=lambda line: (line.sheet.code, line.sheet.part, line.sheet.number))
    return CheckView(check, tuple(lines), digests_of(sheets))


def event_of(check_id: int) -> int:
    """Return the event of a check; raise Missing."""
    event_id = db.session.scalar(select(SpotCheck.event_id).where(SpotCheck.id == check_id))
    if event_id is None:
        raise Missing(check_id)
    return event_id


def list_checks(event_id: int) -> Sequence[SpotCheck]:
    """List the checks of an event, the newest first."""
    query = select(SpotCheck).where(SpotCheck.event_id == event_id)
    return db.session.scalars(query.order_by(SpotCheck.number.desc())).all()


def list_problems(event: Event, sheets: Sequence[SheetFacts] | None = None) -> list[Blocker]:
    """List what keeps the supervisor from confirming; nothing where no check is wanted."""
    if not is_wanted(contests.rules_of(event.contest).day):
        return []
    view = find_check(event.id, sheets)
    if view is None or not view.check.seed:
        text = _NOT_FIXED if view is None else _NOT_DRAWN
        return [Blocker(Step.SUPERVISOR, Refused(text), Role.SUPERVISOR)]
    problems = [*_void_problems(event, view)] or [*_open_problems(view)]
    return [Blocker(Step.SUPERVISOR, text, role) for text, role in problems]


_NOT_FIXED = N_("The marks are not fixed for the spot check yet.")
_NOT_DRAWN = N_("The figures for the draw of the spot check have not been called out yet.")


def _void_problems(event: Event, view: CheckView) -> Iterator[tuple[Refused, Role]]:
    """Yield why a check no longer speaks for the marks of now."""
    if view.strange:
        text = N_(
            "Marks have changed in which the check found no error: %(count)s sheets. Fix the "
            "marks for a new check."
        )
        yield Refused(text, count=len(view.strange)), Role.SUPERVISOR
        return
    try:
        tiers = read_provisional(event.id).tiers
    except Refused as problem:
        yield problem, Role.CHIEF_JUDGE
        return
    if tiers != view.check.tiers:
        text = N_(
            "After the correction other works stand at the award lines. Fix the marks for a "
            "new check."
        )
        yield Refused(text), Role.SUPERVISOR


def _open_problems(view: CheckView) -> Iterator[tuple[Refused, Role]]:
    if view.open:
        text = N_("Sheets of the spot check that nobody has compared yet: %(count)s.")
        yield Refused(text, count=len(view.open)), Role.SUPERVISOR
    if view.unmended:
        text = N_("Errors found by the spot check that are not corrected yet: %(codes)s.")
        codes = ", ".join(sorted({line.sheet.code for line in view.unmended}))
        yield Refused(text, codes=codes), Role.CHIEF_JUDGE
    if not view.open and not view.risk.safe:
        text = N_("Sheets at the award lines that must be compared too: %(count)s.")
        yield Refused(text, count=len(view.risk.unseen)), Role.SUPERVISOR


@transaction
def fix_marks(by: Actor, event_id: int) -> int:
    """Fix the confirmed marks by their digest, before figures are called out; return the check.

    What is fixed here can be posted at once: with the figures it gives the seed of the draw.
    """
    event = lock_event(event_id)
    if event.state is not EventState.REVIEW:
        raise Refused(N_("Marks are checked once the chief judge has confirmed them."))
    sheets = read_sheets(event_id)
    _check_new(event, sheets)
    now = read_provisional(event_id)
    day = contests.rules_of(event.contest).day
    last = select(func.max(SpotCheck.number)).where(SpotCheck.event_id == event_id)
    digests = digests_of(sheets)
    check = SpotCheck(
        event_id=event_id,
        number=(db.session.scalar(last) or 0) + 1,
        digest=marks_digest(digests),
        committed_at=by.now,
        committed_by_id=by.account_id,
        top_percent=day.check_top_percent,
        random_percent=day.check_random_percent,
        error_percent=day.check_error_percent,
        risk_percent=day.check_risk_percent,
        largest_percent=day.check_largest_percent,
        basis=digests,
        tiers=now.tiers,
        bounds=written_bounds(now.bounds(sheets, day.check_largest_percent)),
    )
    db.session.add(check)
    db.session.flush()
    _record(by, "fix_marks", event, check.id, {"number": check.number, "digest": check.digest})
    return check.id


def _check_new(event: Event, sheets: Sequence[SheetFacts]) -> None:
    view = find_check(event.id, sheets)
    if view is None:
        return
    if not view.check.seed:
        if view.check.basis == dict(view.now):
            raise Refused(N_("These marks are fixed already. Call out the figures."))
    elif not [*_void_problems(event, view)]:
        raise Refused(N_("The check of these marks is under way."))


def written_bounds(bounds: Bounds) -> dict[str, dict[str, str | None]]:
    """Write bounds as JSON data, exactly."""
    certain = {key: None if one is None else str(one) for key, one in bounds.certain.items()}
    return {"certain": certain, "drawn": {key: str(one) for key, one in bounds.drawn.items()}}


def read_bounds(data: Mapping[str, Mapping[str, str | None]]) -> Bounds:
    """Read bounds back."""
    certain = {
        key: None if text is None else Fraction(text) for key, text in data["certain"].items()
    }
    return Bounds(certain, {key: Fraction(text or 0) for key, text in data["drawn"].items()})


@transaction
def draw_sample(by: Actor, check_id: int, figures: str) -> int:
    """Draw the sheets of a check with the figures that were called out; return the event's id."""
    check, event = lock_check(check_id)
    if check.seed:
        raise Refused(N_("The sample of this check is drawn already."))
    sheets = read_sheets(event.id)
    if check.basis != digests_of(sheets):
        raise Refused(N_("The marks have changed since they were fixed. Fix them anew."))
    check.figures = read_figures(figures)
    check.seed = seed_of(check.digest, check.figures)
    check.drawn_at, check.drawn_by_id = by.now, by.account_id
    top, rest = _sample(check, read_provisional(event.id))
    wanted = {one.id: Reason.TOP for one in sheets if one.code in top}
    wanted |= {one.id: Reason.RANDOM for one in sheets if one.code in rest}
    _add_items(check, wanted)
    after = {"seed": check.seed, "number": check.number, "sheets": len(wanted)}
    _record(by, "draw_sample", event, check.id, after)
    return event.id


def _sample(check: SpotCheck, now: Provisional) -> tuple[set[str], set[str]]:
    """Return the codes of the best works of each division, and those drawn from all others."""
    top: set[str] = set()
    for totals in now.totals:
        top |= top_of(totals, check.top_percent)
    others = sorted(now.tiers.keys() - top)
    count = share_of(len(others), check.random_percent)
    return top, set(drawn(others, count, check.seed))


def lock_check(check_id: int) -> tuple[SpotCheck, Event]:
    """Part: return the newest check of an event under review for a change, with its event."""
    event_id = event_of(check_id)
    event = lock_event(event_id)
    check = db.session.get_one(SpotCheck, check_id, with_for_update=True, populate_existing=True)
    newest = select(func.max(SpotCheck.number)).where(SpotCheck.event_id == event_id)
    if event.state is not EventState.REVIEW or check.number != db.session.scalar(newest):
        raise Refused(N_("This check is over."))
    return check, event


def _add_items(check: SpotCheck, wanted: Mapping[int, Reason]) -> None:
    """Add sheets to a check; what an earlier one found right and nobody has changed stays right."""
    earlier = _earlier(check)
    for sheet_id, reason in wanted.items():
        known = earlier.get(sheet_id)
        item = SpotCheckItem(check_id=check.id, sheet_id=sheet_id, reason=reason, values={})
        if known is not None:
            item.finding, item.remark = known.finding, known.remark
            item.found_at, item.found_by_id = known.found_at, known.found_by_id
        db.session.add(item)
    db.session.flush()


def _earlier(check: SpotCheck) -> dict[int, SpotCheckItem]:
    query = (
        select(SpotCheckItem)
        .join(SpotCheckItem.check)
        .options(joinedload(SpotCheckItem.check).undefer(SpotCheck.basis))
        .where(SpotCheck.event_id == check.event_id, SpotCheck.number < check.number)
        .where(SpotCheckItem.finding == Finding.AGREES)
        .order_by(SpotCheck.number)
    )
    return {
        item.sheet_id: item
        for item in db.session.scalars(query)
        if item.check.basis.get(str(item.sheet_id)) == check.basis.get(str(item.sheet_id))
    }


@transaction
def add_risk_sheets(by: Actor, check_id: int) -> int:
    """Add the sheets that the check of the award lines asks for; return the event's id."""
    check, event = lock_check(check_id)
    view = find_check(event.id)
    if view is None or not check.seed:
        raise Refused(_NOT_DRAWN)
    if not view.more:
        raise Refused(N_("No more sheets are needed."))
    _add_items(check, {int(key): Reason.RISK for key in view.more})
    _record(by, "add_risk_sheets", event, check.id, {"sheets": len(view.more)})
    return event.id


def add_all_sheets(check: SpotCheck, sheets: Iterable[SheetFacts], listed: set[int]) -> int:
    """Part: add every sheet that is not in a check yet, for too many errors were found."""
    missing = {one.id: Reason.ALL for one in sheets if one.competes and one.id not in listed}
    _add_items(check, missing)
    return len(missing)


def is_over_limit(check: SpotCheck, items: Sequence[SpotCheckItem]) -> bool:
    """Say whether more errors were found than the limit lets pass."""
    wrong = sum(item.finding is Finding.WRONG for item in items)
    return needs_full_check(len(items), wrong, Decimal(check.error_percent))


def _record(by: Actor, action: str, event: Event, key: int, after: Mapping[str, object]) -> None:
    audits.record(by, action, "spot_check", key, contest_id=event.contest_id, after=after)
