"""Two calculators that share no code agree: the engine and the one written from docs/scheme.md."""

import ast
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules import working
from tests.reference.comparison import difference
from tests.reference.contests import random_contest

REFERENCE = Path(__file__).parents[1] / "reference"


@settings(deadline=None)
@given(st.integers(10**6, 10**9))
def test_no_random_contest_comes_out_differently(seed):
    made = random_contest(Random(seed))
    assume(made is not None)
    assert not difference(*made)


@pytest.mark.parametrize("name", ["calculator.py", "contest.py"])
def test_the_second_calculator_shares_no_code_with_the_rules(name):
    tree = ast.parse((REFERENCE / name).read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {
        n.name for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names
    }
    assert not [module for module in modules if module.split(".")[0] == "rules"]


def some_contest_differs(count=300):
    made = (random_contest(Random(seed)) for seed in range(count))
    return any(difference(*one) for one in made if one is not None)


def test_whole_calculators_do_not_differ():
    assert not some_contest_differs(50)


def test_a_calculator_that_leaves_out_the_last_element_is_found_out(monkeypatch):
    whole = working.NodeWork._together
    monkeypatch.setattr(
        working.NodeWork, "_together", lambda self, values: whole(self, [*values[:-1], None])
    )
    assert some_contest_differs()


def test_a_calculator_that_keeps_the_lowest_mark_is_found_out(monkeypatch):
    trim = working.counted
    monkeypatch.setattr(working, "counted", lambda panel, n: (0, trim(panel, n)[1]))
    assert some_contest_differs()
