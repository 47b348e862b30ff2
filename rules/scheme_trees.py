"""A marking scheme as plain data: where its nodes stand, and how nodes are added and moved."""

import copy
import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

from pydantic_core import PydanticUndefined

from rules.data import RuleData
from rules.refusals import Missing

Data = dict[str, Any]
Path = tuple[str | int, ...]
Kind = Literal["scheme", "stage", "part", "section", "aspect"]

# The lists in which nodes stand, with the letter that they have in an address.
_LISTS: dict[str, tuple[str, Kind]] = {
    "stages": ("g", "stage"),
    "parts": ("p", "part"),
    "sections": ("s", "section"),
    "aspects": ("a", "aspect"),
}
_LETTERS = {letter: name for name, (letter, _) in _LISTS.items()}
_PLACE = re.compile(r"(g[0-9]{1,4}|p[0-9]{1,4}(-s[0-9]{1,4}){0,20}(-a[0-9]{1,4})?)?")
# What can be added below a node.
BELOW: dict[Kind, tuple[str, ...]] = {
    "scheme": ("parts", "stages"),
    "stage": (),
    "part": ("sections",),
    "section": ("aspects", "sections"),
    "aspect": (),
}


def bare(value: Any) -> Any:
    """Return rule data as plain data, without the fields that hold their default."""
    if isinstance(value, RuleData):
        return {name: bare(getattr(value, name)) for name in own_fields(value)}
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [bare(item) for item in value]
    if isinstance(value, Decimal):
        return value.normalize() + 0
    return value.value if isinstance(value, Enum) else value


def own_fields(rules: RuleData) -> Iterator[str]:
    """Yield the names of the fields that don't hold their default."""
    for name, field in type(rules).model_fields.items():
        if field.default is PydanticUndefined or getattr(rules, name) != field.default:
            yield name


def place_of(path: Path) -> str:
    """Return the address of a node, such as p0-s2-a1; that of the scheme is empty."""
    steps = zip(path[::2], path[1::2], strict=True)
    return "-".join(f"{_LISTS[str(name)][0]}{index}" for name, index in steps)


def path_of(place: str) -> Path:
    """Return the path of an address; raise Missing for what is none."""
    if not _PLACE.fullmatch(place):
        raise Missing(place)
    path: Path = ()
    for step in place.split("-") if place else ():
        path = (*path, _LETTERS[step[0]], int(step[1:]))
    return path


def kind_of(path: Path) -> Kind:
    """Say what stands at a path."""
    return _LISTS[str(path[-2])][1] if path else "scheme"


def node_at(data: Data, path: Path) -> Data:
    """Return the node at a path; raise Missing."""
    node: Any = data
    try:
        for step in path:
            node = node[step]
    except (KeyError, IndexError, TypeError):
        raise Missing(place_of(path)) from None
    if not isinstance(node, dict):
        raise Missing(place_of(path))
    return node


def walk(data: Data, path: Path = ()) -> Iterator[tuple[Path, Data]]:
    """Yield every node at and below a path, each before what is below it."""
    node = node_at(data, path)
    yield path, node
    names = ("stages", "parts") if not path else ("aspects", "sections")
    for name in names:
        for index in range(len(_list(node, name))):
            yield from walk(data, (*path, name, index))


def _list(node: Data, name: str) -> list[Any]:
    found = node.get(name)
    return found if isinstance(found, list) else []


def above(path: Path) -> Iterator[Path]:
    """Yield the paths of a node and of all above it, the scheme first."""
    for length in range(0, len(path) + 1, 2):
        yield path[:length]


def added(data: Data, path: Path, name: str, new: Data) -> tuple[Data, Path]:
    """Return the data with a new node at the end of a list below a path, and where it stands."""
    if name not in BELOW[kind_of(path)]:
        raise Missing(name)
    changed = copy.deepcopy(data)
    below = node_at(changed, path).setdefault(name, [])
    below.append(new)
    return changed, (*path, name, len(below) - 1)


def removed(data: Data, path: Path) -> tuple[Data, Path]:
    """Return the data without a node, and the path of what stood above it."""
    changed = copy.deepcopy(data)
    node_at(changed, path)
    siblings, index = _siblings(changed, path)
    del siblings[index]
    return changed, path[:-2]


def moved(data: Data, path: Path, by: int) -> tuple[Data, Path]:
    """Return the data with a node moved among those beside it, and where it stands now."""
    changed = copy.deepcopy(data)
    node = node_at(changed, path)
    siblings, index = _siblings(changed, path)
    if not 0 <= index + by < len(siblings):
        return changed, path
    siblings.insert(index + by, siblings.pop(index))
    assert siblings[index + by] is node
    return changed, (*path[:-1], index + by)


def _siblings(data: Data, path: Path) -> tuple[list[Any], int]:
    if not path:
        raise Missing("")
    parent: Any = data
    for step in path[:-1]:
        parent = parent[step]
    return parent, int(path[-1])


def count_beside(data: Data, path: Path) -> int:
    """Count the nodes that stand beside a node, itself included."""
    return len(_siblings(data, path)[0]) if path else 1


def keys_of(data: Data) -> set[str]:
    """Return every key in the scheme: of nodes, agreed values, deductions and facts."""
    return set(_keys(data))


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("key"):
            yield str(value["key"])
        for item in value.values():
            yield from _keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item)


def unused(prefix: str, taken: set[str]) -> str:
    """Return a key that nobody has, and remember it as taken."""
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    taken.add(f"{prefix}{number}")
    return f"{prefix}{number}"


def stage_renamed(data: Data, old: str, new: str) -> Data:
    """Return the data with every mention of a stage's key replaced."""
    changed = copy.deepcopy(data)
    for part in _list(changed, "parts"):
        if isinstance(part, dict) and part.get("stage") == old:
            part["stage"] = new
    for stage in _list(changed, "stages"):
        for carry in _list(stage, "carry") if isinstance(stage, dict) else ():
            if isinstance(carry, dict) and carry.get("stage") == old:
                carry["stage"] = new
    return changed
