"""The judge pool of the demonstration."""

from collections.abc import Mapping
from datetime import timedelta

from rules.conflicts import ConflictKind
from rules.judges import JudgeKind, TitleGrade
from services import judges, judges_relations
from services.acting import Actor
from services.judges import PoolFacts
from services.judges_relations import RelationFacts

_SCORING, _SCENE = JudgeKind.SCORING, JudgeKind.SCENE
POOL = {
    "judge1": PoolFacts(grade=TitleGrade.SENIOR, licence="CX-2019-014", kinds=(_SCORING, _SCENE)),
    "judge2": PoolFacts(held_level=1, licence="CX-2021-003", occupations=("钳工", "装配钳工")),
    "judge3": PoolFacts(grade=TitleGrade.MIDDLE, occupations=("电工",)),
    "judge4": PoolFacts(held_level=2, kinds=(_SCENE, _SCORING), remark="省赛裁判"),
}


def fill_pool(by: Actor, accounts: Mapping[str, int]) -> None:
    """Take the demonstration's judges into the pool; one was barred once, one has a pupil."""
    for username, facts in POOL.items():
        judges.add_judge(by, accounts[username], facts, None)
    over = by.today - timedelta(days=30)
    once = PoolFacts(held_level=1, barred_until=over, bar_reason="未按规定回避")
    judges.add_judge(by, accounts["judge5"], once, None)
    pupil = RelationFacts(ConflictKind.COACH, "person", "郁文博", "指导其参加校赛")
    judges_relations.declare_relation(by, accounts["judge1"], pupil)
