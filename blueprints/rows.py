"""Add, remove and move rows of a form, with everything that is typed kept as it is."""

import re
from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

Typed = MultiDict[str, str]
MOST_ROWS = 400


def changed(typed: Typed, change: str) -> Typed:
    """Return what was typed after a change such as ``tiers:add`` or ``tiers:remove:2``."""
    name, _, what = change.partition(":")
    verb, _, place = what.partition(":")
    rows = _rows(typed, name)
    index = int(place) if place.isdecimal() and len(place) < 6 else -1
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append(_like(rows[index]) if 0 <= index < len(rows) else [("new", "1")])
    elif verb == "remove" and 0 <= index < len(rows):
        del rows[index]
    elif verb == "up" and 0 < index < len(rows):
        rows.insert(index - 1, rows.pop(index))
    return _joined(typed, name, rows)


def _like(row: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Begin a row like another one; only its place in the tree is the same."""
    return [(field, value) for field, value in row if field in {"sub", "group", "kind"}] + [
        ("new", "1")
    ]


def _rows(typed: Typed, name: str) -> list[list[tuple[str, str]]]:
    pattern = re.compile(rf"{re.escape(name)}-([0-9]{{1,5}})-(.+)")
    found: dict[int, list[tuple[str, str]]] = {}
    for key, value in typed.items(multi=True):
        match = pattern.fullmatch(key)
        if match:
            found.setdefault(int(match[1]), []).append((match[2], value))
    return [found[index] for index in sorted(found)]


def _joined(typed: Typed, name: str, rows: list[list[tuple[str, str]]]) -> Typed:
    others = [pair for pair in typed.items(multi=True) if not pair[0].startswith(f"{name}-")]
    numbered = [
        (f"{name}-{index}-{field}", value) for index, row in enumerate(rows) for field, value in row
    ]
    return MultiDict([*others, *numbered])
