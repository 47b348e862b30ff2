"""Stipends of the pairs of these moments: a run that is ordered, one in draft, its evidence."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from models.database import db
from models.mentorships import Mentorship
from rules.mentorships import MentorshipState
from rules.payouts import SeriesKind
from rules.stipend_scales import SubsidyKind
from services import payouts_series, stipends, stipends_evidence
from services.demo_stages import Stage
from services.demo_stipends import order_run
from tests.workshop_rows import add_month


def be_settled(stage: Stage) -> None:
    """Let the pairs confirm their months, and settle them."""
    state = Mentorship.state
    query = select(Mentorship).where(Mentorship.number.startswith("ST-")).order_by(Mentorship.id)
    pairs = db.session.scalars(
        query.where(state.in_((MentorshipState.RUNNING, MentorshipState.BROKEN_OFF)))
    ).all()
    for pair in pairs:
        for month in range(1, 8):
            add_month(pair, date(2026, month, 1))
    series_id = payouts_series.list_series(SeriesKind.STIPENDS)[0].id
    order_run(stage, series_id, stage.by("bureau", 0).today - timedelta(days=3), -1)
    add_month(pairs[-1], date(2026, 8, 1))
    by = stage.by("bureau", 0, 9)
    stipends.prepare(by, series_id, until=by.today - timedelta(days=1))
    stipends_evidence.record_training(
        by,
        pairs[-1].apprentice_id,
        kind=SubsidyKind.UPGRADE,
        occupation="钳工",
        level=4,
        held_on=date(2026, 3, 3),
        source="市级补贴名单",
    )
    broken = next(one for one in pairs if one.state is MentorshipState.BROKEN_OFF)
    stipends_evidence.decide_case(by, broken.id, kept=Decimal("0.5"), reason="徒弟离职")
