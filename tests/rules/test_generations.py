"""Trees over generations: circles end, nobody is followed twice, nothing is drawn on another."""

import itertools
from collections import defaultdict
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rules.generations import (
    Bond,
    Branch,
    Drawing,
    Side,
    draw,
    generations,
    grow,
    joined,
    persons_of,
)
from rules.mentorships import MentorshipState as State


def bond(mentor: int, apprentice: int, year: int = 2020, outcome: State = State.ACCEPTED) -> Bond:
    return Bond(mentor, apprentice, date(year, 1, 1), date(year + 2, 1, 1), outcome)


def names(branch: Branch) -> object:
    return {branch.person_id: [names(one) for one in branch.branches]}


def test_apprentices_and_theirs_are_found_in_order_of_their_start() -> None:
    bonds = [bond(1, 3, 2021), bond(1, 2, 2019), bond(2, 4, 2022), bond(9, 1)]
    tree = grow(1, bonds, Side.APPRENTICES, 3)
    assert names(tree) == {1: [{2: [{4: []}]}, {3: []}]}
    assert tree.branches[0].bond == bond(1, 2, 2019)
    assert persons_of(tree) == {1, 2, 3, 4}
    assert [len(row) for row in generations(tree)] == [1, 2, 1]


def test_mentors_are_found_the_other_way() -> None:
    bonds = [bond(1, 2), bond(2, 3), bond(5, 3), bond(3, 7)]
    assert names(grow(3, bonds, Side.MENTORS, 2)) == {3: [{2: [{1: []}]}, {5: []}]}


def test_the_tree_ends_at_the_depth() -> None:
    bonds = [bond(number, number + 1) for number in range(1, 9)]
    assert names(grow(1, bonds, Side.APPRENTICES, 2)) == {1: [{2: [{3: []}]}]}
    assert names(grow(1, bonds, Side.APPRENTICES, 0)) == {1: []}


def test_a_circle_is_named_and_not_followed() -> None:
    bonds = [bond(1, 2), bond(2, 3), bond(3, 1)]
    tree = grow(1, bonds, Side.APPRENTICES, 9)
    assert names(tree) == {1: [{2: [{3: [{1: []}]}]}]}
    last = tree.branches[0].branches[0].branches[0]
    assert last.again and not tree.again


def test_somebody_with_two_mentors_is_followed_on_the_nearest_way_only() -> None:
    bonds = [bond(1, 2), bond(1, 3), bond(2, 3, 2022), bond(3, 4)]
    tree = grow(1, bonds, Side.APPRENTICES, 5)
    assert names(tree) == {1: [{2: [{3: []}]}, {3: [{4: []}]}]}
    second, first = tree.branches[0].branches[0], tree.branches[1]
    assert second.again and not first.again


def test_bonds_of_the_same_two_are_one() -> None:
    found = joined([bond(1, 2, 2022, State.RUNNING), bond(1, 2, 2018, State.BROKEN_OFF)])
    assert found == [Bond(1, 2, date(2018, 1, 1), date(2024, 1, 1), State.RUNNING)]


def test_a_parent_stands_at_the_middle_and_mentors_stand_left() -> None:
    bonds = [bond(1, 2), bond(1, 3), bond(1, 4), bond(9, 1), bond(3, 5), bond(3, 6)]
    made = draw(grow(1, bonds, Side.MENTORS, 2), grow(1, bonds, Side.APPRENTICES, 2))
    rows = {spot.branch.person_id: (spot.column, spot.row) for spot in made.spots}
    # 2 / 5 and 6 after 3 / 4: rows 0, 1, 2, 3
    assert rows == {
        2: (1, 0), 5: (2, 1), 6: (2, 2), 3: (1, 1.5), 4: (1, 3), 1: (0, 1.5), 9: (-1, 1.5),
    }  # fmt: skip
    assert made.columns == (-1, 2) and made.rows == 4
    assert len(made.lines) == 6


def test_somebody_alone_is_one_spot() -> None:
    made = draw(grow(1, [], Side.MENTORS, 3), grow(1, [], Side.APPRENTICES, 3))
    assert len(made.spots) == 1 and made.lines == () and made.rows == 1


def check(made: Drawing) -> None:
    """Nobody stands on another; everybody before others stands at their middle."""
    columns = defaultdict(list)
    for spot in made.spots:
        columns[spot.column].append(spot.row)
        assert 0 <= spot.row <= made.rows - 1
    for rows in columns.values():
        rows.sort()
        assert all(after - before >= 1 for before, after in itertools.pairwise(rows))
    sides = defaultdict(list)
    for one, other in made.lines:
        sides[id(one.branch), one.row, other.column - one.column].append(other.row)
    for (_branch, row, _step), rows in sides.items():
        assert row == (min(rows) + max(rows)) / 2


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=40), st.integers(0, 5))
def test_whoever_taught_whom_nothing_is_drawn_on_another(
    pairs: list[tuple[int, int]], depth: int
) -> None:
    bonds = [bond(mentor, apprentice) for mentor, apprentice in pairs]
    trees = [grow(1, bonds, side, depth) for side in (Side.MENTORS, Side.APPRENTICES)]
    for tree in trees:
        followed = [one for row in generations(tree) for one in row if not one.again]
        assert len(followed) == len({one.person_id for one in followed})
        assert len(list(generations(tree))) <= depth + 1
    made = draw(*trees)
    check(made)
    assert len(made.lines) == len(made.spots) - 1
