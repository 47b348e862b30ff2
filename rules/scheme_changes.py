"""What differs between two versions of rules, node by node, for people to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rules.data import RuleData

Verb = Literal["changed", "added", "removed", "moved"]
_IDENTITIES = ("key", "label", "at", "stage")
_TITLES = ("title", "name", "label")


@dataclass(frozen=True)
class Change:
    """One difference: the titles of the nodes down to it, the names of the fields, old and new.

    Something added or removed is named by its own title, the last of the titles.
    """

    verb: Verb
    titles: tuple[str, ...]
    fields: tuple[str, ...]
    old: Any = None
    new: Any = None


def changes(
    old: RuleData, new: RuleData, titles: tuple[str, ...] = (), fields: tuple[str, ...] = ()
) -> Iterator[Change]:
    """Yield every difference between two pieces of rules of one kind."""
    for name in type(new).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        inside = (*fields, name)
        if isinstance(before, RuleData) and isinstance(after, RuleData):
            yield from changes(before, after, titles, inside)
        elif _rows(before) and _rows(after):
            yield from _list_changes(before, after, titles, inside)
        else:
            yield Change("changed", titles, inside, before, after)


def _rows(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, RuleData) for item in value)


def _list_changes(
    old: Sequence[RuleData], new: Sequence[RuleData], titles: tuple[str, ...], fields: Any
) -> Iterator[Change]:
    before, after = _identified(old), _identified(new)
    for identity, item in before.items():
        if identity not in after:
            yield Change("removed", (*titles, _title(item, identity)), fields, old=item)
    for identity, item in after.items():
        named = (*titles, _title(item, identity))
        if identity not in before:
            yield Change("added", named, fields, new=item)
        elif type(before[identity]) is type(item):
            yield from changes(before[identity], item, named, fields)
    kept_before = [identity for identity in before if identity in after]
    kept_after = [identity for identity in after if identity in before]
    if kept_before != kept_after:
        orders = [
            tuple(_title(items[one], one) for one in kept)
            for items, kept in ((before, kept_before), (after, kept_after))
        ]
        yield Change("moved", titles, fields, *orders)


def _identified(items: Sequence[RuleData]) -> dict[str, RuleData]:
    """Know the items of a list by their key, or by their number where they have none."""
    found: dict[str, RuleData] = {}
    for index, item in enumerate(items, start=1):
        names = (name for name in _IDENTITIES if hasattr(item, name))
        identity = next((str(getattr(item, name)) for name in names), "")
        tie_break = hasattr(item, "prefer")
        found[f"{index}" if not identity or tie_break or identity in found else identity] = item
    return found


def _title(item: RuleData, identity: str) -> str:
    return next((str(getattr(item, name)) for name in _TITLES if getattr(item, name, "")), identity)
