"""One sheet beside its paper: what the screen says, what was found, and who found it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.database import db
from models.signoffs import SpotCheck, SpotCheckItem
from rules.data import plain
from rules.refusals import Missing, Refused
from rules.risks import taint_of
from rules.sampling import Finding
from rules.seats import Layout, bench_of
from rules.sheets import read_mark
from rules.states import EventState
from rules.texts import N_
from services import audits, contests
from services.acting import Actor
from services.signoffs_sheets import SheetFacts, read_sheets
from services.spot_checks import add_all_sheets, is_over_limit, lock_check
from services.transaction import STALE, transaction

LONGEST_REMARK = 400


@dataclass(frozen=True)
class ItemView:
    """One sheet of a check, ready to be compared."""

    item: SpotCheckItem
    check: SpotCheck
    event: Event
    sheet: SheetFacts
    layout: Layout
    next_id: int | None
    is_open: bool


@dataclass(frozen=True)
class Compared:
    """What the comparison gave: which lines differ and what the paper says there."""

    finding: Finding
    values: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""
    base: str = ""


def get_item(item_id: int) -> ItemView:
    """Return one sheet of a check; raise Missing."""
    item = _item(item_id)
    event = contests.get_event(item.check.event_id)
    facts = next((one for one in read_sheets(event.id) if one.id == item.sheet_id), None)
    if facts is None:
        raise Missing(item_id)
    layout = bench_of(contests.scheme_of(event), facts.part).layout(facts.number)
    is_open = event.state is EventState.REVIEW and not _has_later(item.check)
    return ItemView(item, item.check, event, facts, layout, _next_open(item), is_open)


def _item(item_id: int) -> SpotCheckItem:
    query = select(SpotCheckItem).options(
        joinedload(SpotCheckItem.check), joinedload(SpotCheckItem.found_by)
    )
    item = db.session.scalar(query.where(SpotCheckItem.id == item_id))
    if item is None:
        raise Missing(item_id)
    return item


def _has_later(check: SpotCheck) -> bool:
    query = select(SpotCheck.id).where(
        SpotCheck.event_id == check.event_id, SpotCheck.number > check.number
    )
    return db.session.scalar(query.limit(1)) is not None


def _next_open(item: SpotCheckItem) -> int | None:
    """Return the next sheet that nobody has looked at, from here round to here."""
    query = select(SpotCheckItem.id).where(
        SpotCheckItem.check_id == item.check_id,
        SpotCheckItem.finding.is_(None),
        SpotCheckItem.id != item.id,
    )
    ids = sorted(db.session.scalars(query))
    return next((key for key in ids if key > item.id), ids[0] if ids else None)


@transaction
def record_finding(by: Actor, item_id: int, compared: Compared) -> int:
    """Record what the comparison of a sheet with its paper gave; return the event's id.

    Nobody compares a sheet of his own. With more errors than the limit lets pass, every other
    sheet of the event is added to the check at once (R2.25).
    """
    check, event = lock_check(_item(item_id).check_id)
    item = db.session.get_one(SpotCheckItem, item_id, with_for_update=True, populate_existing=True)
    if compared.base != ("" if item.finding is None else item.finding.value):
        raise Refused(STALE)
    sheets = read_sheets(event.id)
    facts = next((one for one in sheets if one.id == item.sheet_id), None)
    if facts is None:
        raise Missing(item_id)
    if facts.account_id == by.account_id:
        raise Refused(N_("Nobody checks his own sheet."))
    layout = bench_of(contests.scheme_of(event), facts.part).layout(facts.number)
    found = _differences(layout, facts, compared)
    reported = {key: Decimal(text) for key, text in facts.marks.items()}
    item.finding = compared.finding
    item.values = {key: "" if value is None else plain(value) for key, value in found.items()}
    item.taint = str(taint_of(layout, reported, found, check.largest_percent))
    item.remark = compared.remark.strip()
    item.found_at, item.found_by_id = by.now, by.account_id
    db.session.flush()
    added = _check_all(check, sheets)
    after = {
        "finding": compared.finding.value,
        "code": facts.code,
        "values": item.values,
        "added": added,
    }
    audits.record(
        by, "record_finding", "spot_check", check.id, contest_id=event.contest_id, after=after
    )
    return event.id


def _differences(
    layout: Layout, facts: SheetFacts, compared: Compared
) -> dict[str, Decimal | None]:
    """Return the lines on which the paper says something else than the screen."""
    if len(compared.remark) > LONGEST_REMARK:
        raise Refused(N_("The remark is too long."), field="remark")
    if compared.finding is Finding.AGREES:
        return {}
    found: dict[str, Decimal | None] = {}
    for key, text in compared.values.items():
        line = next((one for one in layout.lines if one.key == key), None)
        if line is None:
            raise Missing(key)
        value = read_mark(line, text)
        if ("" if value is None else plain(value)) != facts.marks.get(key, ""):
            found[key] = value
    if not found:
        raise Refused(N_("Write what stands on the paper where it differs."))
    return found


def _check_all(check: SpotCheck, sheets: list[SheetFacts]) -> int:
    items = db.session.scalars(
        select(SpotCheckItem).where(SpotCheckItem.check_id == check.id)
    ).all()
    if not is_over_limit(check, items):
        return 0
    return add_all_sheets(check, sheets, {item.sheet_id for item in items})
