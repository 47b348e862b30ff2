"""Where each rule on awards and each ready case of the rulebook is tested.

A reader finds a rule's tests here; a test that is renamed or lost makes this one fail.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent
CASES, PRIZES = "rules/test_rulebook_cases.py", "rules/test_awards_published.py"
LEVELS = "rules/test_levels_published.py"
# Rule or case: the file, and the beginning of the names of its tests there.
INDEX = {
    "R4.01": ((PRIZES, "test_r4_01"), (CASES, "test_t2")),
    "R4.02": ((PRIZES, "test_r4_02"),),
    "R4.03": ((PRIZES, "test_r4_03_medals"), (PRIZES, "test_r4_03_merit_awards_by_700")),
    "R4.04": ((PRIZES, "test_r4_04"),),
    "R4.05": (
        (PRIZES, "test_r4_05_amounts"),
        (PRIZES, "test_r4_05_ranks_from_the_third"),
        (PRIZES, "test_r4_05_the_coach_team"),
        (PRIZES, "test_r4_05_a_team"),
        (PRIZES, "test_r4_05_or_each_member"),
    ),
    "R4.06": ((PRIZES, "test_r4_06"),),
    "R4.07": (
        ("services/test_awards_shares.py", "test_one_person_is_paid_the_highest_prize"),
        ("services/test_awards_shares.py", "test_after_a_final_lower_prize_only_the_rest"),
    ),
    "R4.08": ((CASES, "test_t1"), (LEVELS, "test_r4_08")),
    "R4.09": (("services/test_demo_awards.py", "test_plan_dry_run_shares"),),
    "R4.10": (
        (LEVELS, "test_r4_10_a_prize_is_one_level_above"),
        (LEVELS, "test_r4_10_never_above_the_top"),
    ),
    "R4.11": (
        (LEVELS, "test_r4_11_henan"),
        (LEVELS, "test_r4_11_a_contest_of_no_class"),
    ),
    "R4.12": ((LEVELS, "test_r4_12"),),
    "R4.13": (
        (LEVELS, "test_r4_13_shijiazhuang"),
        (LEVELS, "test_r4_13_who_failed"),
        (PRIZES, "test_r4_13_shijiazhuang_names"),
    ),
    "R4.14": ((LEVELS, "test_r4_14_what_becomes"), (LEVELS, "test_r4_14_a_line")),
    "R4.15": (
        ("services/test_levels.py", "test_a_second_person_approves"),
        ("services/test_levels.py", "test_columns_are_the_body_s_own"),
    ),
    "R4.16": (("rules/test_level_returns.py", "test_r4_16"),),
    "R4.17": (
        (PRIZES, "test_r4_17_the_provincial_title"),
        (PRIZES, "test_r4_17_and_r4_18"),
        (PRIZES, "test_r4_17_henan"),
    ),
    "R4.18": ((PRIZES, "test_r4_17_and_r4_18"),),
    "R4.19": ((PRIZES, "test_r4_19"),),
    "R4.20": (
        (PRIZES, "test_r4_20"),
        ("services/test_awards_shares.py", "test_honours_name_the_person_the_body"),
    ),
    "R4.21": (
        (PRIZES, "test_r4_21_prizes_of_organisations"),
        (PRIZES, "test_r4_21_coaches"),
        ("services/test_awards_organisations.py", "test_"),
    ),
    "R4.22": ((PRIZES, "test_r4_22"),),
    "T1": ((CASES, "test_t1"),),
    "T2": ((CASES, "test_t2"),),
    "T3": ((CASES, "test_t3"),),
    "T4": ((CASES, "test_t4"),),
    "T5": ((CASES, "test_t5"),),
    "T6": ((CASES, "test_t6_equal_totals"), (CASES, "test_t6_equal_in_everything")),
    "T7": ((CASES, "test_t7"),),
    "T8": ((CASES, "test_t8"), ("rules/test_taxes.py", "test_t8")),
    "T9": ((CASES, "test_t9"),),
    "T10": ((CASES, "test_t10"),),
}


@cache
def names_in(file: str) -> tuple[str, ...]:
    """Name the tests of a file."""
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    return tuple(one.name for one in tree.body if isinstance(one, ast.FunctionDef))


def test_every_rule_and_case_is_in_the_index() -> None:
    rules = {f"R4.{number:02d}" for number in range(1, 23)}
    cases = {f"T{number}" for number in range(1, 11)}
    assert INDEX.keys() == rules | cases


@pytest.mark.parametrize("rule", list(INDEX))
def test_the_tests_of_a_rule_are_there(rule: str) -> None:
    for file, beginning in INDEX[rule]:
        assert any(name.startswith(beginning) for name in names_in(file)), (file, beginning)
