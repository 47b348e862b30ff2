"""Results of a superior's contest: by two people into honours, prizes, and the table."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.contests import Contest
from models.database import db
from models.honours import Honour
from rules.editions import ContestKind
from rules.honours import HonourKind, HonourLevel, HonourVia
from rules.provincial import EntrantStatus, EventFormat, Medal, ProvincialState, SlotState
from rules.refusals import Refused
from rules.states import EventState, HonourState
from services import (
    contests,
    honours,
    notices,
    provincial_prizes,
    provincial_results,
)
from services.payouts_dues import Obstacle, read_dues
from services.provincial_results import Line, ResultFacts
from tests.builders import Builder
from tests.provincial_story import HELD, PRIZES, RULES, ProvincialStory

AT_ONCE = RULES.model_copy(update={"training_days": 0, "notice": False})


@pytest.fixture
def story(build: Builder) -> ProvincialStory:
    return ProvincialStory(build, AT_ONCE)


def entered(story: ProvincialStory, folder: Path, *plans: tuple[str, EntrantStatus]) -> list:  # type: ignore[type-arg]
    slots = []
    for title, status in plans:
        event = story.event(title)
        coach = story.build.person(name="李教练")
        slots.append(story.candidate(event, status=status, coaches=(coach,)))
        story.named(event)
    story.sent(folder)
    return [story.slot(one.id) for one in slots]


STAFF, STUDENT = EntrantStatus.STAFF, EntrantStatus.STUDENT


def test_two_people_bring_results_into_the_register(story: ProvincialStory, tmp_path: Path) -> None:
    slots = entered(story, tmp_path, ("钳工", STAFF), ("焊工", STUDENT), ("车工", STAFF))
    worker, student, third = slots
    with pytest.raises(Refused, match="Name the document"):
        story.result(worker, rank=1, document="")
    story.result(worker, rank=2, total=Decimal("91.25"), prize="二等奖", medal=Medal.SILVER)
    story.result(student, rank=1, prize="一等奖", medal=Medal.GOLD)
    with pytest.raises(Refused, match="Somebody else must confirm"):
        provincial_results.confirm_results(story.by(HELD), story.id, [worker.id])
    story.confirmed(worker, student)
    assert story.contest.state is ProvincialState.ENTERED
    rows = db.session.scalars(select(Honour).order_by(Honour.id)).all()
    assert [(one.title, one.kind, one.level, one.via) for one in rows] == [
        ("二等奖", HonourKind.PRIZE, HonourLevel.PROVINCE, HonourVia.CONTEST),
        ("浙江省技术能手", HonourKind.TITLE, HonourLevel.PROVINCE, HonourVia.CONTEST),
        ("一等奖", HonourKind.PRIZE, HonourLevel.PROVINCE, HonourVia.CONTEST),
    ]
    assert {(one.recorded_by_id, one.confirmed_by_id) for one in rows} == {
        (story.one.id, story.other.id)
    }
    with pytest.raises(Refused, match="is confirmed: take it back"):
        story.result(worker, rank=3)
    provincial_results.take_back(story.by(HELD), worker.id, reason="更正成绩")
    db.session.expire_all()
    assert [one.state for one in rows] == [
        HonourState.REVOKED, HonourState.REVOKED, HonourState.STANDING,
    ]  # fmt: skip
    story.result(worker, rank=9)
    provincial_results.record_absence(story.by(HELD), third.id, reason="因伤缺赛")
    story.confirmed(worker)
    assert story.contest.state is ProvincialState.HELD
    assert story.slot(third.id).state is SlotState.ABSENT
    assert db.session.query(Honour).count() == 3


def test_prizes_of_the_city_go_to_entrants_and_coaches_alike(
    story: ProvincialStory, tmp_path: Path
) -> None:
    first, second = entered(story, tmp_path, ("钳工", STAFF), ("焊工", STUDENT))
    with pytest.raises(Refused, match="once all results are confirmed"):
        provincial_prizes.give_prizes_out(story.by(HELD), story.id)
    story.result(first, rank=1, medal=Medal.GOLD, prize="一等奖")
    story.result(second, rank=8, prize="优胜奖")
    story.confirmed(first, second)
    prized = provincial_prizes.list_prized(story.contest)
    assert [one.prize.key for one in prized] == ["gold", "good"]
    assert provincial_prizes.total_of(prized) == Decimal(102000)
    carrier_id = provincial_prizes.give_prizes_out(story.by(HELD), story.id)
    carrier = db.session.get_one(Contest, carrier_id)
    assert (carrier.kind, carrier.level) == (ContestKind.EXTERNAL, "province")
    assert {one.state for one in carrier.events} == {EventState.FINAL}
    dues = read_dues(carrier_id)
    money = sorted((one.rest.gross for one in dues), reverse=True)
    assert money == [Decimal(50000), Decimal(50000), Decimal(2000)]
    assert contests.list_contests().items == []
    assert honours.waiting_contests(None) == []
    with pytest.raises(Refused, match="register holds everything"):
        honours.bring_up(story.by(HELD), carrier_id)
    again = provincial_prizes.give_prizes_out(story.by(HELD), story.id, reason="复核后重发")
    assert again == carrier_id
    assert sum(one.rest.gross for one in read_dues(carrier_id)) == Decimal(102000)


def test_with_a_notice_the_prizes_wait_for_it(build: Builder, tmp_path: Path) -> None:
    story = ProvincialStory(build, RULES.model_copy(update={"training_days": 0}))
    (slot,) = entered(story, tmp_path, ("钳工", STAFF))
    story.result(slot, rank=2)
    story.confirmed(slot)
    carrier_id = provincial_prizes.give_prizes_out(story.by(HELD), story.id)
    assert [one.state for one in db.session.get_one(Contest, carrier_id).events] == [
        EventState.SIGNED
    ]
    assert {one.obstacle for one in read_dues(carrier_id)} == {Obstacle.NOT_FINAL}
    assert len(notices.list_postable(carrier_id)) == 1


def test_a_team_is_one_prize_and_everybody_bears_it(
    story: ProvincialStory, build: Builder, tmp_path: Path
) -> None:
    event = story.event("工业控制", EventFormat.PAIR)
    slot = story.candidate(event, build.person(), build.person())
    story.named(event)
    story.sent(tmp_path)
    story.result(slot, rank=3, medal=Medal.BRONZE)
    story.confirmed(slot)
    assert db.session.query(Honour).filter_by(title="铜牌").count() == 2
    assert db.session.query(Honour).filter_by(title="浙江省技术能手").count() == 0
    tally = provincial_results.own_tally(story.contest)
    assert (tally.events, tally.medals[Medal.BRONZE]) == (1, 1)
    carrier_id = provincial_prizes.give_prizes_out(story.by(HELD), story.id)
    assert sorted(one.rest.gross for one in read_dues(carrier_id)) == [Decimal(5000)] * 2


def test_the_table_of_delegations_ranks_by_medal_points(story: ProvincialStory) -> None:
    by = story.by(HELD)
    with pytest.raises(Refused, match="between the form"):
        provincial_results.record_standings(by, story.id, [], None, None)
    story.contest.state = ProvincialState.ENTERED
    db.session.commit()
    lines = [
        Line("杭州市", 40, gold=5, silver=2),
        Line("慈溪市", 10, gold=1, silver=2, medallion=3, is_own=True, given_rank=2),
        Line("宁波市", 20, gold=2, bronze=2, medallion=1, given_rank=2),
    ]
    with pytest.raises(Refused, match="stands there once"):
        provincial_results.record_standings(by, story.id, [lines[0], lines[0]], 10, 4)
    with pytest.raises(Refused, match="behind the number"):
        provincial_results.record_standings(by, story.id, lines, 3, 4)
    provincial_results.record_standings(by, story.id, lines, 10, 4)
    table = provincial_results.table_of(story.contest)
    assert [(one.tally.delegation, one.points, one.rank) for one in table] == [
        ("杭州市", 26, 1), ("宁波市", 13, 2), ("慈溪市", 13, 2),
    ]  # fmt: skip
    assert (story.contest.teams, story.contest.own_rank) == (10, 4)
    assert PRIZES[0].for_coaches == PRIZES[0].amount
    assert ResultFacts().medal is None
