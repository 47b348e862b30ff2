"""What pages show of stipends: runs with their sums, lines by mentor, one's own lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import String, and_, cast, func, literal, select
from sqlalchemy.orm import aliased, joinedload, load_only

from models.accounts import Account
from models.database import db
from models.mentorships import Mentorship
from models.payouts import PayoutClaim, PayoutLine, PayoutSeries
from models.people import Employer, Person
from models.stipends import StipendLine, StipendRun, StipendTotal
from rules.payouts import SeriesKind
from rules.refusals import Missing
from rules.states import PayoutLineState
from rules.stipends import LineKind, RunState
from services.pages import PAGE_SIZE, Page
from services.stipends_inputs import read_inputs

NOTHING = Decimal("0.00")


class RunSums(NamedTuple):
    """How many mentors and lines a run has, and what it comes to."""

    mentors: int = 0
    lines: int = 0
    plus: Decimal = NOTHING
    minus: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        """Return the sum of all lines."""
        return self.plus + self.minus


def list_runs(page: int = 1, size: int = PAGE_SIZE) -> Page[StipendRun]:
    """List the runs, the newest first."""
    query = select(StipendRun).options(joinedload(StipendRun.series))
    total = db.session.scalar(select(func.count()).select_from(StipendRun)) or 0
    query = query.order_by(StipendRun.id.desc()).limit(size).offset((page - 1) * size)
    return Page(db.session.scalars(query).all(), total, page, size)


def get_run(run_id: int) -> StipendRun:
    """Return a run with its series; raise Missing."""
    whole = joinedload(StipendRun.series).joinedload(PayoutSeries.employer)
    found = db.session.scalar(select(StipendRun).options(whole).where(StipendRun.id == run_id))
    if found is None:
        raise Missing(run_id)
    return found


def sums_of(run_ids: Sequence[int]) -> dict[int, RunSums]:
    """Add up the lines of some runs."""
    amount = StipendLine.amount
    query = (
        select(
            StipendLine.run_id,
            func.count(StipendLine.mentor_id.distinct()),
            func.count(),
            func.sum(amount).filter(amount > 0),
            func.sum(amount).filter(amount < 0),
        )
        .where(StipendLine.run_id.in_(run_ids))
        .group_by(StipendLine.run_id)
    )
    found = {key: RunSums() for key in run_ids}
    for key, mentors, lines, plus, minus in db.session.execute(query):
        found[key] = RunSums(mentors, lines, plus or NOTHING, minus or NOTHING)
    return found


class KindSum(NamedTuple):
    """What the lines of one kind come to."""

    kind: LineKind
    number: int
    amount: Decimal


def kinds_of(run_id: int) -> list[KindSum]:
    """Add up the lines of a run by kind."""
    query = (
        select(StipendLine.kind, func.count(), func.sum(StipendLine.amount))
        .where(StipendLine.run_id == run_id)
        .group_by(StipendLine.kind)
    )
    found = {row[0]: KindSum(*row) for row in db.session.execute(query)}
    return [found[kind] for kind in LineKind if kind in found]


@dataclass(frozen=True)
class MentorLines:
    """One mentor of a run with the lines of the own pairs."""

    mentor_id: int
    name: str
    unit: str
    lines: list[StipendLine] = field(default_factory=list)

    @property
    def own(self) -> Decimal:
        """Return what comes to the mentor."""
        mine = (one.amount for one in self.lines if one.employer_id is None)
        return sum(mine, NOTHING)

    @property
    def unit_sum(self) -> Decimal:
        """Return what comes to employers for the pairs."""
        theirs = (one.amount for one in self.lines if one.employer_id is not None)
        return sum(theirs, NOTHING)


_PAIR = (
    joinedload(StipendLine.mentorship)
    .load_only(Mentorship.number, Mentorship.occupation, Mentorship.apprentice_id)
    .joinedload(Mentorship.apprentice)
    .load_only(Person.name)
)


def list_mentors(
    run_id: int, text: str = "", page: int = 1, size: int = PAGE_SIZE
) -> Page[MentorLines]:
    """List the mentors of a run by name, each with the lines."""
    people = (
        select(Person.id, Person.name, func.coalesce(Employer.title, ""))
        .outerjoin(Employer, Employer.id == Person.employer_id)
        .where(Person.id.in_(select(StipendLine.mentor_id).where(StipendLine.run_id == run_id)))
    )
    if text.strip():
        people = people.where(Person.name.contains(text.strip(), autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(people.subquery())) or 0
    rows = people.order_by(Person.name_key, Person.id).limit(size).offset((page - 1) * size)
    found = {row[0]: MentorLines(row[0], row[1], row[2]) for row in db.session.execute(rows)}
    query = (
        select(StipendLine)
        .options(_PAIR, joinedload(StipendLine.employer).load_only(Employer.title))
        .where(StipendLine.run_id == run_id, StipendLine.mentor_id.in_(found))
        .order_by(StipendLine.mentorship_id, StipendLine.year, StipendLine.id)
    )
    for line in db.session.scalars(query):
        found[line.mentor_id].lines.append(line)
    return Page([*found.values()], total, page, size)


def people_of(run: StipendRun) -> dict[int, str]:
    """Name those who prepared, checked, approved and ordered a run."""
    ids = (run.prepared_by_id, run.checked_by_id, run.approved_by_id, run.ordered_by_id)
    query = select(Account).where(Account.id.in_([one for one in ids if one]))
    rows = db.session.scalars(query.options(load_only(Account.title)))
    return {row.id: row.title for row in rows}


class TotalSums(NamedTuple):
    """What an ordered run is for the payment desk."""

    payees: int = 0
    due: Decimal = NOTHING
    recovered: Decimal = NOTHING
    carried: Decimal = NOTHING


def totals_of(run_id: int) -> TotalSums:
    """Add up what an ordered run pays, takes back, and leaves to be offset."""
    query = select(
        func.count(),
        func.sum(StipendTotal.due),
        func.sum(StipendTotal.recovered),
        func.sum(StipendTotal.carried),
    ).where(StipendTotal.run_id == run_id)
    row = db.session.execute(query).one()
    return TotalSums(row[0], row[1] or NOTHING, row[2] or NOTHING, row[3] or NOTHING)


def has_changed(run: StipendRun) -> bool:
    """Say whether evidence has come or gone since a run was prepared; the next one settles it."""
    return read_inputs(run.series).digest != run.inputs_digest


@dataclass(frozen=True)
class OwnRun:
    """One run as a mentor sees it: the own lines, what is paid, and when."""

    run: StipendRun
    total: StipendTotal
    lines: list[StipendLine]
    state: PayoutLineState | None
    paid_at: datetime | None


def list_own(person_id: int) -> list[OwnRun]:
    """List the ordered runs that settled something for a mentor, the newest first."""
    line = aliased(PayoutLine)
    claim = and_(
        PayoutClaim.series_id == StipendRun.series_id,
        PayoutClaim.key == literal(f"{SeriesKind.STIPENDS}-") + cast(StipendTotal.id, String),
    )
    query = (
        select(StipendRun, StipendTotal, line.state, line.paid_at)
        .join(StipendRun, StipendRun.id == StipendTotal.run_id)
        .outerjoin(PayoutClaim, claim)
        .outerjoin(line, and_(line.claim_id == PayoutClaim.id, line.live))
        .options(joinedload(StipendRun.series))
        .where(StipendTotal.person_id == person_id, StipendRun.state == RunState.ORDERED)
        .order_by(StipendRun.until.desc(), StipendRun.id.desc())
    )
    rows = db.session.execute(query).all()
    lines: dict[int, list[StipendLine]] = {}
    mine = (
        select(StipendLine)
        .options(_PAIR)
        .where(StipendLine.mentor_id == person_id, StipendLine.employer_id.is_(None))
        .order_by(StipendLine.mentorship_id, StipendLine.year, StipendLine.id)
    )
    for one in db.session.scalars(mine):
        lines.setdefault(one.run_id, []).append(one)
    return [
        OwnRun(run, total, lines.get(run.id, []), state, paid_at)
        for run, total, state, paid_at in rows
    ]
