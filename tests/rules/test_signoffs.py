"""The chain of signatures, from plain values."""

from datetime import UTC, datetime
from typing import Any

import pytest

from rules.days import DayRules
from rules.refusals import Refused
from rules.signoffs import (
    WHOLE,
    BenchMarks,
    Chain,
    LinkState,
    Signing,
    Step,
    chain,
    chain_of,
    check_step,
    holders_before,
    step_before,
)

NOW = datetime(2026, 9, 1, tzinfo=UTC)
FULL = DayRules(signoff=("supervisor", "group", "clerk"))
HEAD, SECOND, CLERK, CHIEF = 1, 2, 3, 4


def bench(**more: Any) -> BenchMarks:
    facts: dict[str, Any] = {
        "part": "work",
        "title": "操作",
        "digest": "w",
        "sheets": 4,
        "open": 0,
        "judges": frozenset({HEAD, SECOND}),
        "leader": HEAD,
    }
    return BenchMarks(**(facts | more))


def paper(**more: Any) -> BenchMarks:
    facts: dict[str, Any] = {"judges": frozenset({CLERK}), "leader": None, "is_panel": False}
    return bench(part="theory", title="理论", digest="t", **(facts | more))


def signing(step: Step, part: str, account: int, digest: str) -> Signing:
    return Signing(step, part, account, NOW, digest)


def found(
    *signings: Signing, benches: Any = None, day: DayRules = FULL, done: bool = False
) -> Chain:
    return chain(day, benches or [bench(), paper()], "all", signings, done)


def states(one: Chain) -> dict[tuple[str, str], str]:
    return {(link.step.value, link.part): link.state.value for link in one.links}


def test_steps_stand_in_their_order_whatever_the_rules_say_first() -> None:
    assert chain_of(FULL) == tuple(Step)
    assert chain_of(DayRules()) == (Step.JUDGE, Step.CHIEF)
    assert step_before(chain_of(DayRules(signoff=("clerk",))), Step.CHIEF) is Step.CLERK
    with pytest.raises(ValueError, match="before"):
        step_before(chain_of(FULL), Step.JUDGE)


def test_a_group_can_sign_while_others_still_mark() -> None:
    one = found(benches=[bench(), paper(open=1)])
    assert states(one)["group", "work"] == "current"
    assert states(one)["judge", "theory"] == "current"
    assert states(one)["clerk", WHOLE] == "waiting"
    assert one.next_step() is Step.JUDGE


def test_a_bench_without_sheets_is_not_done() -> None:
    assert found(benches=[bench(sheets=0)]).next_step() is Step.JUDGE
    assert chain(FULL, [], "all", [], False).next_step() is not None


def test_a_signature_holds_only_for_its_marks() -> None:
    old = found(signing(Step.GROUP, "work", HEAD, "other"))
    link = old.link(Step.GROUP, "work")
    assert link.state is LinkState.CURRENT and link.stale is not None
    now = found(signing(Step.GROUP, "work", HEAD, "w"))
    assert now.link(Step.GROUP, "work").done and now.next_step() is Step.CLERK


def test_a_step_whose_forerunner_is_open_does_not_hold() -> None:
    one = found(signing(Step.CLERK, WHOLE, CLERK, "all"))
    assert not one.done(Step.CLERK) and states(one)["clerk", WHOLE] == "waiting"


def test_the_chief_holds_only_while_the_scoring_is_closed() -> None:
    signed = (
        signing(Step.GROUP, "work", HEAD, "w"),
        signing(Step.CLERK, WHOLE, 9, "all"),
        signing(Step.CHIEF, WHOLE, CHIEF, "all"),
    )
    assert found(*signed).next_step() is Step.CHIEF
    assert found(*signed, done=True).next_step() is Step.SUPERVISOR


def test_holders_of_a_clerks_step_are_heads_and_those_who_entered_marks_alone() -> None:
    one = found(signing(Step.GROUP, "work", HEAD, "w"))
    assert holders_before(one, Step.CLERK, WHOLE) == {HEAD, CLERK}
    assert holders_before(one, Step.GROUP, "work") == frozenset()
    alone = found(benches=[bench(judges=frozenset({HEAD}))])
    assert holders_before(alone, Step.GROUP, "work") == {HEAD}


@pytest.mark.parametrize(
    ("step", "part", "account", "digest", "words"),
    [
        (Step.JUDGE, "work", 9, "w", "no such step"),
        (Step.GROUP, "theory", 9, "t", "no such step"),
        (Step.CHIEF, WHOLE, 9, "all", "not finished"),
        (Step.GROUP, "work", HEAD, "w", "confirmed already"),
        (Step.CLERK, WHOLE, HEAD, "all", "his own work"),
        (Step.CLERK, WHOLE, CLERK, "all", "his own work"),
        (Step.CLERK, WHOLE, 9, "old", "have changed"),
    ],
)
def test_a_step_is_refused_with_its_reason(
    step: Step, part: str, account: int, digest: str, words: str
) -> None:
    one = found(signing(Step.GROUP, "work", HEAD, "w"))
    with pytest.raises(Refused, match=words):
        check_step(one, step, part, account, digest)


def test_somebody_else_may_confirm() -> None:
    one = found(signing(Step.GROUP, "work", HEAD, "w"))
    assert check_step(one, Step.CLERK, WHOLE, 9, "all").step is Step.CLERK
