"""From the page of a node to its plain data; whatever the page doesn't show stays as it is."""

import copy
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic_core import PydanticUndefined
from werkzeug.datastructures import MultiDict

from blueprints.contests.node_boxes import BOXES, MODELS
from blueprints.contests.node_fields import STEPS
from blueprints.contests.node_specs import Box, Group, Rows, Spec, Special
from blueprints.fields import one_line
from blueprints.forms import tidy
from rules.data import RuleData
from rules.scheme_nodes import LADDER_TOP, Rounding
from rules.scheme_trees import Data, Kind, unused, walk

MOST_ROWS = 100
LONGEST = 2000
_ROWS = ("deductions", "facts", "options", "bands", "carry")


def read_node(
    kind: Kind, typed: MultiDict[str, str], old: Data, taken: set[str], blanks: bool = False
) -> Data:
    """Return the data of a node as typed; `taken` are the keys that are there already.

    Rows in which nothing is typed are dropped, unless `blanks` keeps them for a while.
    """
    return _Reader(typed, taken, blanks).node(kind, old)


def without_blanks(data: Data) -> Data:
    """Return a draft without the empty rows at the end of its lists."""
    cleaned = copy.deepcopy(data)
    for _, node in walk(cleaned):
        for rows in (node.get(name) for name in _ROWS):
            while isinstance(rows, list) and rows and rows[-1] == {}:
                rows.pop()
    return cleaned


class _Reader:
    def __init__(self, typed: MultiDict[str, str], taken: set[str], blanks: bool) -> None:
        self._typed, self._taken, self._blanks = typed, taken, blanks

    def node(self, kind: Kind, old: Data) -> Data:
        """Read every box; those of another kind of aspect are emptied once the kind changes."""
        data = dict(old)
        chosen = self._typed.get("n-kind", "points")
        changed = kind == "aspect" and chosen != str(data.get("kind", "points"))
        for box in BOXES[kind]:
            if not box.kinds or chosen in box.kinds:
                self._box(box, data, MODELS[kind])
            elif changed:
                _emptied(box, data)
        if "key" in MODELS[kind].model_fields and not data.get("key"):
            data["key"] = old.get("key") or unused(kind[0], self._taken)
        return data

    def _box(self, box: Box, data: Data, model: type[RuleData]) -> None:
        for item in box.items:
            if isinstance(item, Spec):
                self._spec(item, f"n-{item.name}", data, model)
            elif isinstance(item, Group):
                self._group(item, data)
            elif isinstance(item, Rows):
                self._keep_rows(item, data)
            elif item.name == "ladder":
                self._ladder(data)
            else:
                self._rounds(data)

    def _text(self, name: str) -> str:
        return str(self._typed.get(name, ""))[:LONGEST]

    def _spec(self, spec: Spec, name: str, data: Data, model: type[RuleData]) -> None:
        value: Any = self._value(spec, name)
        if value is None and data.get(spec.name) == "":
            return  # a scheme may have no title of its own
        if value is None or _is_default(value, model, spec.name):
            data.pop(spec.name, None)
        else:
            data[spec.name] = value

    def _value(self, spec: Spec, name: str) -> Any:
        text = self._text(name)
        if spec.typed == "tick":
            return name in self._typed
        if spec.typed in ("number", "whole"):
            return number(text)
        if spec.typed == "numbers":
            return [one for one in map(number, _listed(text)) if one is not None] or None
        if spec.typed == "long":
            return text.strip().replace("\r\n", "\n") or None
        return one_line(text) or None

    def _fields(self, item: Group | Rows, prefix: str) -> Data:
        data: Data = {}
        for spec in item.specs:
            self._spec(spec, f"{prefix}-{spec.name}", data, item.model)
        return data

    def _filled(self, item: Group | Rows, data: Data) -> bool:
        """Say whether anything was typed; what is chosen from a list stands there anyway."""
        return any(spec.name in data for spec in item.specs if _counts(spec, item.model))

    def _named(self, model: type[RuleData], data: Data, prefix: str) -> Data:
        if "key" in model.model_fields and "title" in model.model_fields and not data.get("key"):
            data["key"] = unused(prefix, self._taken)
        return data

    def _group(self, group: Group, data: Data) -> None:
        found = self._fields(group, f"n-{group.name}")
        old = data.get(group.name)
        ticked = f"n-{group.name}" in self._typed
        there = ticked if group.ticked else self._filled(group, found)
        data.pop(group.name, None)
        if there:
            kept = {
                name: value
                for name, value in (old if isinstance(old, dict) else {}).items()
                if name not in {spec.name for spec in group.specs}
            }
            data[group.name] = self._named(group.model, kept | found, group.name)

    def rows(self, rows: Rows) -> list[Data]:
        """Read the rows, in the order of the page."""
        found = []
        for index in range(MOST_ROWS):
            prefix = f"n-{rows.name}-{index}"
            if f"{prefix}-there" not in self._typed:
                continue
            data = self._fields(rows, prefix)
            if self._filled(rows, data):
                found.append(self._named(rows.model, data, rows.name[0]))
            elif self._blanks:
                found.append({})
        return found

    def _keep_rows(self, rows: Rows, data: Data) -> None:
        holder = data.get(rows.under) if rows.under else data
        if not isinstance(holder, dict):
            return
        holder.pop(rows.name, None)
        found = self.rows(rows)
        if found:
            holder[rows.name] = found

    def _ladder(self, data: Data) -> None:
        for name in ("ladder", "awards", "top"):
            data.pop(name, None)
        there = [n for n in range(MOST_ROWS) if f"n-ladder-{n}-there" in self._typed]
        texts = [one_line(self._text(f"n-ladder-{n}-text")) for n in there]
        awards = [number(self._text(f"n-ladder-{n}-award")) for n in there]
        if any(texts):
            data["ladder"] = [text for text in texts if text]
        if any(awards):
            data["awards"] = [award for award in awards if award is not None]
        if there and len(there) - 1 != LADDER_TOP:
            data["top"] = len(there) - 1

    def _rounds(self, data: Data) -> None:
        old = [one.get("at", "result") for one in data.pop("rounds", None) or ()]
        steps = sorted(
            (step for step, _ in STEPS), key=lambda s: old.index(s) if s in old else len(old)
        )
        found: list[Data] = []
        for step in steps:
            digits = number(self._text(f"n-rounds-{step}-digits"))
            if digits is not None:
                row = {"at": step, "digits": digits, "mode": self._text(f"n-rounds-{step}-mode")}
                found.append({k: v for k, v in row.items() if v and not _usual(k, v)})
        if found:
            data["rounds"] = found


def _counts(spec: Spec, model: type[RuleData]) -> bool:
    if spec.typed == "choice":
        return model.model_fields[spec.name].is_required()
    return spec.typed != "tick" and spec.name != "key"


def _usual(name: str, value: str) -> bool:
    return _is_default(value, Rounding, name)


def number(text: str) -> str | None:
    """Return a typed number without separators and full-width figures; None for nothing."""
    return str(tidy(text)).replace(",", "").replace(" ", "") or None


def _listed(text: str) -> list[str]:
    return re.split(r"[\s,;、，；]+", str(tidy(text)))


def _is_default(value: Any, model: type[RuleData], name: str) -> bool:
    default = model.model_fields[name].default
    if default is PydanticUndefined:
        return False
    if isinstance(default, bool) or isinstance(value, bool | list):
        return bool(value == default)
    if isinstance(default, Decimal | int):
        try:
            return Decimal(value) == default
        except InvalidOperation:
            return False
    return bool(value == default)


def _emptied(box: Box, data: Data) -> None:
    for item in box.items:
        names = ("ladder", "awards", "top") if isinstance(item, Special) else (item.name,)
        for name in names:
            data.pop(name, None)
