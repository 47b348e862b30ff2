"""The demonstration's contest of last year went the whole way, by the acts that people use."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import func, select

from models.database import db
from models.honours import Honour
from models.payouts import PayoutOrder
from models.provincial import ProvincialContest
from rules.provincial import ProvincialState
from services import (
    calendars,
    demo_provincial,
    provincial_prizes,
    provincial_public,
    provincial_results,
)
from services.acting import system
from services.demo_accounts import add_demo_accounts
from services.demo_people import add_employers
from services.demo_stages import Stage

NOON = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)


def test_last_year_went_the_whole_way(app: Flask, tmp_path: Path) -> None:
    stage = Stage(NOON, Random(5), str)
    calendars.seed(system(NOON))
    stage.accounts = add_demo_accounts(system(stage.start), "hash")
    stage.employers = add_employers(stage.by("organizer", -440), stage.random, 30)
    demo_provincial._last_year(stage, tmp_path)
    contest = db.session.scalars(select(ProvincialContest)).one()
    assert (contest.state, contest.year, contest.own_rank) == (ProvincialState.HELD, 2025, 4)
    shown = provincial_public.get_public(contest.id)
    assert (shown.totals.entrants, shown.totals.prizes, len(shown.lines)) == (4, 3, 3)
    table = provincial_results.table_of(contest)
    assert next(one.rank for one in table if one.tally.is_own) == 4
    prized = provincial_prizes.list_prized(contest)
    assert provincial_prizes.total_of(prized) == Decimal(30000 + 20000) * 2 + 5000
    experts = select(func.count()).where(Honour.title == "浙江省技术能手")
    assert db.session.scalar(experts) == 2
    orders = db.session.scalars(select(PayoutOrder)).all()
    assert {one.contest_id for one in orders} == {contest.carrier_id} and len(orders) == 2
