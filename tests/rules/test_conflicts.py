"""Who may not judge whom."""

import pytest

from rules.conflicts import (
    Conflict,
    ConflictKind,
    EntryFacts,
    Hardness,
    JudgeFacts,
    Tie,
    bars_event,
    conflicts,
    hardest,
    spared_entries,
)

OWN = EntryFacts(1, 7, "慈溪一厂", {11: "张伟"})
OTHER = EntryFacts(2, 8, "慈溪二厂", {12: "李娜", 13: "王强"})
LONE = EntryFacts(3, None, "", {14: "赵敏"})
FIELD = (OWN, OTHER, LONE)


def kinds(judge: JudgeFacts) -> list[tuple[ConflictKind, int]]:
    return [(one.kind, one.entry_id) for one in conflicts(judge, FIELD)]


def test_a_judge_without_ties_may_judge_everybody() -> None:
    assert conflicts(JudgeFacts(1), FIELD) == ()
    assert hardest(()) is None


def test_who_has_no_employer_conflicts_with_no_entry_that_has_none() -> None:
    assert kinds(JudgeFacts(1, employers=frozenset())) == []


def test_the_employer_of_the_account_and_that_of_the_pool_count_both() -> None:
    assert kinds(JudgeFacts(1, employers=frozenset({7, 8}))) == [
        (ConflictKind.EMPLOYER, 1),
        (ConflictKind.EMPLOYER, 2),
    ]


def test_who_starts_cannot_judge_the_event_whatever_the_edition_says() -> None:
    for barred_from in ("entry", "event"):
        found = conflicts(JudgeFacts(1, person_id=13), FIELD, barred_from)  # type: ignore[arg-type]
        assert found == (Conflict(ConflictKind.SELF, 2, Hardness.EVENT),)
        assert bars_event(found) and spared_entries(found) == frozenset()


@pytest.mark.parametrize(
    ("tie", "entry_id"),
    [
        (Tie(ConflictKind.MENTOR, person_id=12), 2),
        (Tie(ConflictKind.OTHER, employer_id=7), 1),
        (Tie(ConflictKind.COACH, entry_id=3), 3),
        (Tie(ConflictKind.KIN, person="赵 敏"), 3),
        (Tie(ConflictKind.OTHER, employer="慈溪二厂 "), 2),
    ],
)
def test_a_tie_binds_to_whom_it_names(tie: Tie, entry_id: int) -> None:
    assert kinds(JudgeFacts(1, ties=(tie,))) == [(tie.kind, entry_id)]


def test_once_it_is_said_who_is_meant_the_name_no_longer_counts() -> None:
    tie = Tie(ConflictKind.KIN, person_id=999, person="赵敏")
    assert kinds(JudgeFacts(1, ties=(tie,))) == []


def test_an_empty_tie_binds_nobody() -> None:
    assert kinds(JudgeFacts(1, ties=(Tie(ConflictKind.OTHER),))) == []


def test_several_reasons_for_one_entry_stand_side_by_side_and_none_twice() -> None:
    judge = JudgeFacts(
        1,
        employers=frozenset({7}),
        ties=(
            Tie(ConflictKind.COACH, person_id=11),
            Tie(ConflictKind.COACH, entry_id=1),
            Tie(ConflictKind.KIN, person_id=11),
        ),
    )
    assert kinds(judge) == [
        (ConflictKind.KIN, 1),
        (ConflictKind.COACH, 1),
        (ConflictKind.EMPLOYER, 1),
    ]


def test_the_edition_says_what_a_conflict_means() -> None:
    judge = JudgeFacts(1, employers=frozenset({8}))
    soft, hard = conflicts(judge, FIELD, "entry"), conflicts(judge, FIELD, "event")
    assert not bars_event(soft) and spared_entries(soft) == {2}
    assert bars_event(hard) and spared_entries(hard) == frozenset()


def test_the_hardest_reason_is_the_one_that_bars_from_the_event() -> None:
    own = Conflict(ConflictKind.SELF, 9, Hardness.EVENT)
    kin = Conflict(ConflictKind.KIN, 1, Hardness.ENTRY)
    coach = Conflict(ConflictKind.COACH, 1, Hardness.ENTRY)
    assert hardest((coach, kin, own)) == own
    assert hardest((coach, kin)) == kin
