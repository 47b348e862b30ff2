"""The demonstration: made-up contests in which every desk has work."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Literal

from sqlalchemy import func, select

from models.accounts import Account
from models.contests import Contest
from models.database import db
from models.people import Person
from rules.refusals import Refused
from rules.texts import N_
from services import calendars, contests, statements, statistics
from services.acting import Actor, system
from services.demo_accounts import (
    JUDGES,
    add_demo_accounts,
    add_judges,
    bind_account,
    invite_some,
)
from services.demo_designs import add_design
from services.demo_districts import draw_map
from services.demo_events import SKETCHES, EventSketch, cis_scheme_for
from services.demo_histories import add_histories
from services.demo_judges import fill_pool
from services.demo_mentorships import add_mentorships
from services.demo_nominations import add_nominations
from services.demo_payouts import pay_prizes
from services.demo_people import add_employers
from services.demo_provincial import add_provincial
from services.demo_reports import add_figures
from services.demo_scenes import (
    ELECTRICIAN,
    FITTER,
    Held,
    bind_winner,
    play_past_edition,
    play_present_edition,
    play_side_contest,
)
from services.demo_selection_applications import add_selection_applications
from services.demo_selection_checks import add_selection_checks
from services.demo_selection_holders import add_titles
from services.demo_selection_reviews import add_selection_reviews
from services.demo_selections import add_selections
from services.demo_stages import Stage, use_scheme
from services.demo_stipends import settle_stipends
from services.demo_workshops import add_workshops

Size = Literal["small", "full"]
ENTRIES, EMPLOYERS, MORE_JUDGES, CIS_ENTRIES = 4_600, 300, 40, 24
SEED = 20260101
FOREIGN = N_(
    "The database holds accounts or contests already; the demonstration needs an empty one."
)


def is_empty() -> bool:
    """Say whether nothing is there that the demonstration could mix with."""
    counts = [select(func.count()).select_from(table) for table in (Account, Contest, Person)]
    return not any(db.session.scalar(count) for count in counts)


def build(
    size: Size,
    now: datetime,
    password_hash: str,
    seed: int = SEED,
    say: Callable[[str], None] = print,
    folder: Path | None = None,
) -> None:
    """Fill an empty database with the demonstration."""
    if not is_empty():
        raise Refused(FOREIGN)
    stage = _set_up(size, now, password_hash, seed, say)
    say("往届竞赛")
    first_event = _play_past(stage, size)
    winner_id = bind_winner(stage, first_event)
    pay_prizes(stage, contests.get_event(first_event).contest_id, -3)
    say("本届竞赛")
    play_present_edition(stage, winner_id)
    play_side_contest(stage)
    add_design(stage)
    say("技能大师工作室")
    add_workshops(stage)
    add_selections(stage)
    draw_map(stage)
    say("师带徒")
    add_mentorships(stage, password_hash)
    settle_stipends(stage)
    say("向上推荐")
    add_nominations(stage, folder)
    say("评选")
    add_selection_checks(stage)
    add_selection_reviews(stage)
    add_titles(stage)
    add_selection_applications(stage)
    say("上级竞赛")
    add_provincial(stage, first_event, folder)
    say("历史名单")
    add_histories(stage, winner_id)
    say("统计数据")
    add_figures(stage)
    invite_some(stage.by("admin", 0))
    statistics.count_editions(system(now))


def _set_up(
    size: Size, now: datetime, password_hash: str, seed: int, say: Callable[[str], None]
) -> Stage:
    stage = Stage(now, Random(seed), say)
    say("账号与单位")
    calendars.seed(system(now))
    start = Actor(None, stage.start)
    stage.accounts = add_demo_accounts(start, password_hash)
    statements.make_key(stage.by("admin", -440))
    by = stage.by("organizer", -440)
    fill_pool(by, stage.accounts)
    stage.employers = add_employers(by, stage.random, EMPLOYERS if size == "full" else 30)
    stage.judges = [stage.accounts[f"judge{n}"] for n in range(1, JUDGES + 1)]
    if size == "full":
        stage.judges += add_judges(start, stage.random, MORE_JUDGES, password_hash)
    bind_account(by, stage.accounts["employer"], employer_id=stage.employers[8])
    return stage


def _play_past(stage: Stage, size: Size) -> int:
    if size == "small":
        small = [Held(sketch, 9, 5) for sketch in (ELECTRICIAN, FITTER)]
        return play_past_edition(stage, small, (2,), 0.6)
    web = SKETCHES[-1]
    scheme = cis_scheme_for(web)
    if scheme is not None:
        use_scheme(web.code, scheme)
    return play_past_edition(stage, _full(), (12, 6), 0.584)


def _full() -> list[Held]:
    """Spread 4,600 entries over the events: a fifth students, a few who did not compete."""
    shares = sum(sketch.share for sketch in SKETCHES)
    left = ENTRIES - CIS_ENTRIES
    held = []
    for sketch in SKETCHES[:-1]:
        count = round((ENTRIES - CIS_ENTRIES) * sketch.share / shares)
        held.append(_held(sketch, min(count, left)))
        left -= count
    first = held[0]
    held[0] = Held(first.sketch, first.staff + left, first.students, first.dropped, first.missing)
    return [*held, _held(SKETCHES[-1], CIS_ENTRIES)]


def _held(sketch: EventSketch, count: int) -> Held:
    dropped, students = count // 80, count // 5
    missing = (count // 30, count // 150, count // 250)
    return Held(sketch, count - students - 2 * dropped, students, dropped, missing)
