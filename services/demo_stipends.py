"""Stipends of the demonstration: a series, its scale, a run that is ordered, and a new draft."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from models.database import db
from models.mentorships import MentorshipMonth
from models.people import Person
from models.stipends import StipendTotal
from rules.payees import AccountKind
from rules.payouts import SeriesKind, Treatment
from rules.stipend_scales import Factor, Scale, Success
from services import payouts, payouts_accounts, payouts_series, stipends, stipends_scales
from services.demo_payouts import BANKS, made_up_card
from services.demo_stages import Stage
from services.payouts_accounts import PERSON, Payee, Typed

_CARDS = 700_000  # beyond the cards of prizes


def settle_stipends(stage: Stage, days: int = -1) -> int:
    """Settle what pairs have confirmed, all but the last month; return the series.

    One mentor has told no account yet, so that the desk has something to ask for.
    """
    series_id = payouts_series.open_series(
        stage.by("payer", days, 9),
        code="DSJT",
        title="慈溪市师带徒导师津贴",
        kind=SeriesKind.STIPENDS,
        treatment=Treatment.EXEMPT,
        basis="慈人社发〔2025〕8号（演示）",
        budget_line="2080799",
        ceiling=Decimal(500_000),
    )
    first, last = _months()
    if first is None or last is None:
        return series_id
    _approve_scale(stage, series_id, first, days)
    until = last - timedelta(days=1)
    if until >= first:
        _order(stage, series_id, until, days)
    return series_id


def _months() -> tuple[date | None, date | None]:
    """Return the first and the last month that both sides of some pair have confirmed."""
    row = db.session.execute(
        select(func.min(MentorshipMonth.month), func.max(MentorshipMonth.month)).where(
            MentorshipMonth.mentor_confirmed_at.is_not(None),
            MentorshipMonth.apprentice_confirmed_at.is_not(None),
            MentorshipMonth.withdrawn_at.is_(None),
        )
    ).one()
    return row[0], row[1]


def _approve_scale(stage: Stage, series_id: int, first: date, days: int) -> None:
    factor = Factor(factor=Decimal("1.30"), from_on=first, to_on=first + timedelta(days=364))
    scale = Scale(
        title="慈溪市导师津贴标准",
        starts_on=first,
        monthly=Decimal(200),
        success=Success(amount=Decimal(2000)),
        factors=(factor,),
        mentor_year_cap=Decimal(10_000),
    )
    by = stage.by("bureau", days, 9)
    drafted = stipends_scales.draft_scale(by, series_id, scale, basis="慈人社发〔2025〕8号（演示）")
    stipends_scales.approve_scale(stage.by("bureau2", days, 10), drafted)


def _order(stage: Stage, series_id: int, until: date, days: int) -> None:
    run = order_run(stage, series_id, until, days)
    _enter_accounts(stage, run, days)
    query = select(StipendTotal.id).where(StipendTotal.run_id == run, StipendTotal.due > 0)
    if len(db.session.scalars(query).all()) > 1:
        payer = stage.by("payer", days, 16)
        payouts.submit(payer, payouts_series.prepare_series(payer, series_id, note="首批导师津贴"))


def order_run(stage: Stage, series_id: int, until: date, days: int) -> int:
    """Bring a run from its preparation to its order."""
    run = stipends.prepare(stage.by("bureau", days, 11), series_id, until=until)
    stipends.check(stage.by("bureau2", days, 13), run)
    stipends.approve(stage.by("approver", days, 14), run)
    return stipends.order(stage.by("payer", days, 15), run)


def _enter_accounts(stage: Stage, run_id: int, days: int) -> None:
    query = (
        select(Person.id, Person.name)
        .join(StipendTotal, StipendTotal.person_id == Person.id)
        .where(StipendTotal.run_id == run_id, StipendTotal.due > 0)
        .order_by(Person.id)
    )
    for place, (key, name) in enumerate(db.session.execute(query).all()[1:]):
        payee, number = Payee(PERSON, key, name), made_up_card(_CARDS + place)
        bank = BANKS[place % len(BANKS)]
        typed = Typed(AccountKind.CARD, number, number, name, bank)
        if payouts_accounts.current_account(payee) is None:
            by = stage.by("payer", days, 15)
            payouts_accounts.enter_account(by, None, payee, typed, paper="导师收款信息确认表")
