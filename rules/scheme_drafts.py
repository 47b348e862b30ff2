"""A marking scheme while it is edited: what is wrong with it, and what it adds up to so far."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from rules.data import InvalidRules
from rules.refusals import Refused
from rules.scheme_maxima import highest_value, stage_maximum
from rules.scheme_nodes import Branch, Node, Panel, Part, Section, Stage, below, panels
from rules.scheme_trees import Data, Path, walk
from rules.schemes import Scheme
from rules.texts import N_

_LISTS = frozenset({"stages", "parts", "sections", "aspects"})
_NEEDED = N_("This is needed.")
_NUMBER = N_("Type a number, such as 60 or 0.5.")
_WHOLE = N_("Type a whole number.")
_TOO_EXACT = N_("A number has at most 20 digits, 10 of them after the point.")
_UNKNOWN = N_("%(key)s is not known here.")
_OTHER = N_("This value cannot be used here.")
# What stands in for a value that is no value, while the rest is looked at.
_STAND_INS: Data = {"title": "–", "label": "–", "maximum": "1", "weight": "1"}
_MOST_ROUNDS = 4


@dataclass(frozen=True)
class Spot:
    """A problem of a draft: the path of its node, and the field of it if that is known."""

    path: Path
    field: tuple[str, ...]
    problem: Refused


@dataclass(frozen=True)
class Checked:
    """A draft that was looked at: the scheme if it is one, and everything that is wrong."""

    scheme: Scheme | None
    spots: tuple[Spot, ...]
    cleaned: Data


def check(data: Data) -> Checked:
    """Look at a draft: values that are no values first, then what contradicts itself."""
    cleaned, spots = copy.deepcopy(data), list[Spot]()
    for _ in range(_MOST_ROUNDS):
        try:
            scheme = Scheme.model_validate(cleaned)
            return Checked(None if spots else scheme, tuple(spots), cleaned)
        except InvalidRules as invalid:
            found = [spot for problem in invalid.problems for spot in _spots(cleaned, problem)]
            return Checked(None, (*spots, *found), cleaned)
        except ValidationError as error:
            for one in error.errors():
                location: Path = tuple(one["loc"])
                spots.append(_spot(location, str(one["type"])))
                _mend(cleaned, location, str(one["type"]))
    return Checked(None, tuple(spots), cleaned)


def _spot(location: Path, kind: str) -> Spot:
    """Part a location of pydantic into the node and the field of it."""
    end = 0
    while end + 1 < len(location) and location[end] in _LISTS:
        end += 2 if isinstance(location[end + 1], int) else len(location)
    path, rest = location[:end], tuple(str(step) for step in location[end:])
    texts = {"missing": _NEEDED, "extra_forbidden": _UNKNOWN}
    text = texts.get(kind) or _said(kind)
    return Spot(path, rest, Refused(text, key=rest[-1] if rest else ""))


def _said(kind: str) -> str:
    if kind.startswith(("decimal_max", "decimal_whole")):
        return _TOO_EXACT
    if kind.startswith(("decimal", "finite")):
        return _NUMBER
    return _WHOLE if kind.startswith("int") else _OTHER


def _mend(data: Any, location: Path, kind: str) -> None:
    """Put something harmless in place of a value that cannot be used."""
    for step in location[:-1]:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return
    name = location[-1] if location else ""
    if isinstance(data, list) and isinstance(name, int) and name < len(data):
        data[name] = "0"
    elif isinstance(data, dict):
        data.pop(name, None)
        if kind == "missing" or name in _STAND_INS:
            data[name] = _STAND_INS.get(str(name), [] if name in _LISTS else "0")


def _spots(data: Data, problem: Refused) -> Iterator[Spot]:
    """Find the nodes of which a problem speaks: by key, and by title where keys are alike."""
    key, said = problem.field or "", set(map(str, problem.params.values()))
    nodes = [(path, node) for path, node in walk(data) if path]
    found = [(path, node) for path, node in nodes if key and node.get("key") == key]
    named = [path for path, node in found if node.get("title") in said]
    holders = [path for path, node in nodes if _has(node, key)]
    paths = named or [path for path, _ in found] or holders
    twice = problem.params.get("key") == key
    field = (key,) if not paths and key in Scheme.model_fields else ()
    for path in (paths or [()]) if twice else (paths or [()])[:1]:
        yield Spot(path, field, problem)


def _has(node: Data, key: str) -> bool:
    """Say whether an agreed value or a deduction of a node has this key."""
    rows = [node.get("times"), node.get("plus"), *(node.get("deductions") or ())]
    return any(isinstance(row, dict) and row.get("key") == key for row in rows)


@dataclass(frozen=True)
class Sums:
    """The highest values of the nodes so far, and what the weights below a branch add up to."""

    highest: dict[Path, Fraction]
    weights: dict[Path, Fraction]

    @property
    def total(self) -> Fraction | None:
        """Return the highest value of the whole, if it is known."""
        return self.highest.get(())


def sums(cleaned: Data) -> Sums:
    """Work out what a draft adds up to; what cannot be known yet is left out."""
    found = Sums({}, {})
    parts: list[tuple[Data, Part]] = []
    for index, data in enumerate(cleaned.get("parts") or ()):
        try:
            part = Part.model_validate(data)
        except (ValidationError, Refused):
            continue
        parts.append((data, part))
        _add(found, ("parts", index), part, None)
    tops = [found.highest["parts", i] for i in range(len(parts))] if _whole(cleaned, parts) else []
    _add_stages(found, cleaned, [part for _, part in parts], tops)
    return found


def _whole(cleaned: Data, parts: list[tuple[Data, Part]]) -> bool:
    return len(parts) == len(cleaned.get("parts") or ()) > 0


def _add(found: Sums, path: Path, node: Node, inherited: Panel | None) -> None:
    found.highest[path] = highest_value(node, inherited)
    if isinstance(node, Part | Section) and node.combine in ("weighted", "percent"):
        weights = [Fraction(child.weight or 0) for child in below(node)]
        found.weights[path] = sum(weights, Fraction(0))
    if isinstance(node, Part | Section):
        down = panels(node, inherited)[1]
        for index, section in enumerate(node.sections):
            _add(found, (*path, "sections", index), section, down)
        for index, aspect in enumerate(node.aspects if isinstance(node, Section) else ()):
            _add(found, (*path, "aspects", index), aspect, down)


def _add_stages(found: Sums, cleaned: Data, parts: list[Part], tops: list[Fraction]) -> None:
    listed = cleaned.get("stages") or []
    for index, data in enumerate(listed or [None]):
        path: Path = ("stages", index) if listed else ()
        try:
            stage = Stage.model_validate(data) if data is not None else _only_stage(cleaned)
        except (ValidationError, Refused):
            continue
        of_it = [i for i, part in enumerate(parts) if not listed or part.stage == stage.key]
        weights = [Fraction(parts[i].weight) for i in of_it]
        if stage.combine in ("weighted", "percent"):
            found.weights[path] = sum(weights, Fraction(0))
        if tops and of_it:
            found.highest[path] = stage_maximum(stage, [tops[i] for i in of_it], weights)


def _only_stage(cleaned: Data) -> Stage:
    own = {name: cleaned[name] for name in Branch.model_fields if name in cleaned}
    return Stage.model_validate({"combine": "percent"} | own | {"key": "", "title": ""})


def number(value: Fraction) -> Decimal:
    """Return a sum as it is shown: exact where it ends, else with four places."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact if Fraction(exact) == value else exact.quantize(Decimal("0.0001"))
