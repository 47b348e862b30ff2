"""What differs between two versions of rules is found node by node."""

from decimal import Decimal

from rules.plans import default_event_plan, default_scheme
from rules.scheme_changes import Change, changes
from rules.scheme_drafts import check
from rules.scheme_trees import Data, added, bare, moved, node_at, path_of, removed
from rules.schemes import Scheme

OLD = default_scheme()


def after(data: Data) -> Scheme:
    found = check(data).scheme
    assert found is not None
    return found


def test_equal_rules_have_no_difference() -> None:
    assert [*changes(OLD, default_scheme())] == []


def test_a_changed_field_is_named_with_its_node_and_both_values() -> None:
    new = default_scheme(Decimal(30), Decimal(70))
    assert [*changes(OLD, new)] == [
        Change("changed", ("Theory",), ("parts", "weight"), Decimal(20), Decimal(30)),
        Change("changed", ("Practical",), ("parts", "weight"), Decimal(80), Decimal(70)),
    ]


def test_a_field_of_the_panel_is_found_below_its_part() -> None:
    data = bare(OLD)
    node_at(data, path_of("p1"))["panel"]["drop_low"] = 0
    (change,) = changes(OLD, after(data))
    assert (change.titles, change.fields) == (("Practical",), ("parts", "panel", "drop_low"))


def test_nodes_that_came_went_and_moved_are_told_apart() -> None:
    extra = {"key": "x", "title": "Tidiness", "maximum": "5"}
    data, path = added(bare(OLD), path_of("p1-s0"), "aspects", extra)
    (came,) = changes(OLD, after(data))
    assert (came.verb, came.titles[-1]) == ("added", "Tidiness")
    (went,) = changes(after(data), OLD)
    assert (went.verb, went.titles) == ("removed", came.titles)
    swapped, _ = moved(data, path, -1)
    (order,) = changes(after(data), after(swapped))
    assert order.verb == "moved" and order.new[0] == "Tidiness"
    assert removed(data, path)[0] == bare(OLD)


def test_rows_without_a_key_are_compared_by_what_they_are() -> None:
    old, new = default_event_plan(), default_event_plan((Decimal(9), Decimal(5000), Decimal(3000)))
    (change,) = changes(old, new)
    assert change.titles == ("First prize",)
    assert (change.old, change.new) == (Decimal(10000), Decimal(9))
