"""Draws that anyone can repeat."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.draws import (
    LotKind,
    LotSheet,
    Ticket,
    assign,
    commitment_of,
    deal,
    heard,
    order,
    seed_of,
    spread,
    stations_of_judges,
)
from rules.refusals import Refused

RECOMPUTE = Path(__file__).parents[2] / "static" / "recompute_draw.py"
SECRET, FIGURES = "5f" * 32, "1234567"
SEED = seed_of(SECRET, FIGURES)
KEYS = [f"0301-{number:03d}" for number in range(1, 8)]


def sheet(kind: LotKind, slots: tuple[str, ...], groups: str = "", apart: bool = False) -> LotSheet:
    """Return a sheet with as many tickets as there are groups, or with all keys."""
    named = groups or " " * len(KEYS)
    tickets = tuple(Ticket(key, group.strip()) for key, group in zip(KEYS, named, strict=False))
    return LotSheet(kind, tickets, slots, apart)


def test_commitment_and_seed_are_plain_sha256():
    assert commitment_of(SECRET) == hashlib.sha256(SECRET.encode()).hexdigest()
    assert hashlib.sha256(f"{SECRET}:{FIGURES}".encode()).hexdigest() == SEED


def test_another_figure_gives_another_seed():
    assert seed_of(SECRET, "1234568") != SEED != seed_of("5e" + SECRET[2:], FIGURES)


@pytest.mark.parametrize(
    ("typed", "figures"),
    [("12 34-56", "123456"), ("１２３４５６", "123456"), ("七 987654", "987654")],
)
def test_only_the_figures_of_what_was_typed_count(typed, figures):
    assert heard(typed) == figures


@pytest.mark.parametrize("typed", ["", "12345", "abc", "9" * 61, "٣٤٥٦٧٨"])
def test_figures_that_could_be_guessed_or_are_none_are_refused(typed):
    with pytest.raises(Refused) as refused:
        heard(typed)
    assert refused.value.field == "spoken"


def test_the_order_does_not_depend_on_how_the_list_came():
    assert order(SEED, KEYS) == order(SEED, KEYS[::-1])
    assert [key[-1] for key in order(SEED, KEYS)] == list("7345216")


def test_every_station_has_one_and_nobody_stands_nowhere():
    drawn = assign(sheet(LotKind.STATION, tuple("ABCDEFGHI")), SEED)
    assert sorted(drawn) == KEYS and sorted(drawn.values()) == list("ABCDEFG")


def test_more_people_than_places_is_no_draw():
    with pytest.raises(ValueError, match="places"):
        assign(sheet(LotKind.STATION, ("A", "B")), SEED)


def test_batches_are_as_equal_as_can_be_and_employers_are_parted():
    drawn = assign(sheet(LotKind.BATCH, ("1", "2", "3"), "aaabbbc", apart=True), SEED)
    assert sorted(Counter(drawn.values()).values()) == [2, 2, 3]
    for employer in (KEYS[:3], KEYS[3:6]):
        assert len({drawn[key] for key in employer}) == 3


def test_one_paper_is_drawn_for_all():
    drawn = assign(sheet(LotKind.PAPER, ("A", "B", "C")), SEED)
    assert len(set(drawn.values())) == 1 and set(drawn) == set(KEYS)


def test_a_sheet_is_read_as_it_was_written():
    one = sheet(LotKind.STATION, ("甲", "乙"), "ab", apart=True)
    again = LotSheet.read(json.loads(json.dumps(one.plain())))
    assert again == one and again.digest() == one.digest()
    assert sheet(LotKind.STATION, ("甲", "丙"), "ab").digest() != one.digest()


def neighbours(keys, groups):
    """Count the neighbours of one group."""
    named = [groups.get(key, "") for key in keys]
    return sum(1 for one, two in pairwise(named) if one and one == two)


@given(st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=14))
def test_employers_stand_apart_wherever_that_is_possible(given_groups):
    keys = [f"k{place}" for place in range(len(given_groups))]
    groups = dict(zip(keys, given_groups, strict=True))
    out = spread(keys, groups)
    assert sorted(out) == sorted(keys)
    largest = max(Counter(one for one in given_groups if one).values(), default=0)
    least = max(0, largest - (len(keys) - largest) - 1)
    assert neighbours(out, groups) == least


def test_who_stands_apart_already_is_not_moved():
    groups = {"k1": "a", "k2": "b", "k3": "a"}
    assert spread(["k1", "k2", "k3", "k4"], groups) == ["k1", "k2", "k3", "k4"]


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=20), st.integers(1, 5))
def test_a_deal_is_even_for_all_and_for_each_group(given_groups, hands):
    keys = [f"k{place}" for place in range(len(given_groups))]
    groups = dict(zip(keys, given_groups, strict=True))
    dealt = deal(keys, groups, hands)
    sizes = Counter(dealt.values())
    assert max(sizes.values()) - min(sizes[hand] for hand in range(hands)) <= 1
    for group in set(given_groups):
        own = Counter(dealt[key] for key in keys if groups[key] == group)
        assert max(own.values()) - min(own[hand] for hand in range(hands)) <= 1


def test_judges_are_drawn_to_stations_evenly():
    found = stations_of_judges(SEED, [f"j{n}" for n in range(7)], ["A", "B", "C"])
    assert sorted(len(judges) for judges in found.values()) == [2, 2, 3]
    assert found == stations_of_judges(SEED, [f"j{n}" for n in range(6, -1, -1)], ["A", "B", "C"])


@pytest.mark.parametrize("kind", list(LotKind))
@pytest.mark.parametrize("apart", [False, True])
def test_the_small_program_for_everybody_draws_the_same(tmp_path, kind, apart):
    """What visitors download knows nothing of our code and comes to the same."""
    one = sheet(kind, tuple("ABCDEFGH"), "aab cca", apart)
    record = one.plain() | {"secret": SECRET, "spoken": FIGURES}
    record |= {"commitment": commitment_of(SECRET), "outcome": assign(one, SEED)}
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    run = [sys.executable, "-I", str(RECOMPUTE), str(file)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("OK")
    record["outcome"][KEYS[0]] = "nowhere"
    file.write_text(json.dumps(record), encoding="utf-8")
    assert subprocess.run(run, capture_output=True, check=False).returncode == 1


@settings(max_examples=30)
@given(st.text("0123456789", min_size=6, max_size=12))
def test_a_draw_gives_each_place_once_whatever_is_said(spoken):
    drawn = assign(sheet(LotKind.ORDER, tuple("1234567")), seed_of(SECRET, spoken))
    assert sorted(drawn.values()) == list("1234567")
