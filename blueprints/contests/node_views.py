"""What the page of a node shows: boxes of inputs with their values and what is wrong with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from pydantic_core import PydanticUndefined

from blueprints.contests.node_boxes import BOXES, MODELS
from blueprints.contests.node_fields import MODES, STEPS
from blueprints.contests.node_specs import Box, Group, Item, Rows, Spec
from rules.data import RuleData, plain
from rules.scheme_nodes import LADDER_TOP
from rules.scheme_trees import Data, Kind

Names = tuple[str, ...]
Offers = dict[str, list[tuple[str, str]]]
# Says what is wrong with a field, known by its names from the node down.
Errors = dict[Names, list[str]]


@dataclass(frozen=True)
class Input:
    """One field as it is shown."""

    id: str
    label: str
    typed: str
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()
    help: str = ""
    errors: Sequence[str] = ()
    required: bool = False


@dataclass(frozen=True)
class Row:
    """Fields side by side; a row of a list can be removed."""

    title: str
    inputs: Sequence[Input]
    marker: str = ""
    remove: str = ""


@dataclass(frozen=True)
class Block:
    """Rows with a heading; `add` adds one, `tick` says whether they are there at all."""

    title: str
    rows: Sequence[Row]
    help: str = ""
    add: str = ""
    add_label: str = ""
    tick: Input | None = None


@dataclass(frozen=True)
class Shown:
    """A box of the page."""

    title: str
    blocks: Sequence[Block]
    folded: bool
    is_open: bool
    kinds: str = ""
    hidden: bool = False
    help: str = ""


@dataclass
class NodePage:
    """Builds the boxes of one node."""

    kind: Kind
    data: Data
    errors: Errors = field(default_factory=dict)
    offers: Offers = field(default_factory=dict)

    def boxes(self) -> list[Shown]:
        """Return every box of the node."""
        chosen = str(self.data.get("kind", "points"))
        return [self._box(box, chosen) for box in BOXES[self.kind]]

    def _box(self, box: Box, chosen: str) -> Shown:
        blocks = [block for item in self._joined(box.items) for block in self._blocks(item)]
        names = {name for item in box.items for name in _names(item)}
        filled = any(name in self.data for name in names - {"key"})
        wrong = any(where and where[0] in names for where in self.errors)
        return Shown(
            title=gettext(box.title),
            blocks=blocks,
            folded=box.folded,
            is_open=filled or wrong,
            kinds=" ".join(box.kinds),
            hidden=bool(box.kinds) and chosen not in box.kinds,
            help=_said(box.help),
        )

    def _joined(self, items: Iterable[Item]) -> list[Item | list[Spec]]:
        """Put single fields that follow each other side by side."""
        joined: list[Item | list[Spec]] = []
        for item in items:
            if not isinstance(item, Spec):
                joined.append(item)
            elif joined and isinstance(joined[-1], list):
                joined[-1].append(item)
            else:
                joined.append([item])
        return joined

    def _blocks(self, item: Item | list[Spec]) -> list[Block]:
        if isinstance(item, list):
            model = MODELS[self.kind]
            shown = [one for one in item if one.offer != "stages" or self.offers.get("stages")]
            inputs = [self._input(spec, (spec.name,), self.data, model) for spec in shown]
            return [Block("", [Row("", inputs)])]
        if isinstance(item, Group):
            return [self._group(item)]
        if isinstance(item, Rows):
            return [self._rows(item)]
        return [self._ladder() if item.name == "ladder" else self._rounds()]

    def _input(self, spec: Spec, names: Names, data: Data, model: type[RuleData]) -> Input:
        known = model.model_fields[spec.name]
        value = data.get(spec.name)
        if value is None and known.default is not PydanticUndefined:
            value = known.default
        return Input(
            id="n-" + "-".join(names),
            label=gettext(spec.label),
            typed=spec.typed,
            value=written(value),
            choices=self._choices(spec, written(value)),
            help=_said(spec.help),
            errors=self._wrong(names),
            required=known.is_required() and spec.name != "key" and value != "",
        )

    def _wrong(self, names: Names) -> list[str]:
        """Return what is wrong with a field, or with one of the values in it."""
        found = [texts for where, texts in self.errors.items() if where[: len(names)] == names]
        return [text for texts in found for text in texts]

    def _choices(self, spec: Spec, value: str) -> list[tuple[str, str]]:
        if not spec.offer:
            return [(code, gettext(text)) for code, text in spec.choices]
        known = list(self.offers.get(spec.offer, ()))
        if value not in {code for code, _ in known}:
            known.insert(0, (value, value or "–"))
        return known

    def _group(self, group: Group) -> Block:
        found = self.data.get(group.name)
        data = found if isinstance(found, dict) else {}
        inputs = [self._input(s, (group.name, s.name), data, group.model) for s in group.specs]
        if not group.ticked:
            # What may be missing and is must stay empty, or it would be there once saved.
            if not data and MODELS[self.kind].model_fields[group.name].default is None:
                inputs = [_emptied(one) for one in inputs]
            return Block(_said(group.label), [Row("", inputs)], _said(group.help))
        there = "y" if found is not None else ""
        tick = Input(f"n-{group.name}", gettext(group.label), "tick", there)
        return Block("", [Row("", inputs)], _said(group.help), tick=tick)

    def _rows(self, rows: Rows) -> Block:
        holder = self.data.get(rows.under) if rows.under else self.data
        found = holder.get(rows.name) if isinstance(holder, dict) else None
        above = (rows.under,) if rows.under else ()
        lines = []
        for index, data in enumerate(found or ()):
            names = (*above, rows.name, str(index))
            inputs = [
                self._row_input(spec, names, index, rows, data if isinstance(data, dict) else {})
                for spec in rows.specs
            ]
            title = f"{gettext(rows.label)} {index + 1}"
            marker = f"n-{rows.name}-{index}-there"
            lines.append(Row(title, inputs, marker, f"less:{rows.name}:{index}"))
        return Block("", lines, add=f"more:{rows.name}", add_label=gettext(rows.add))

    def _row_input(self, spec: Spec, names: Names, index: int, rows: Rows, data: Data) -> Input:
        shown = self._input(spec, (*names, spec.name), data, rows.model)
        own = f"n-{rows.name}-{index}-{spec.name}"
        return Input(**{**shown.__dict__, "id": own})

    def _ladder(self) -> Block:
        texts, awards = self.data.get("ladder") or [], self.data.get("awards") or []
        top = self.data.get("top", LADDER_TOP)
        levels = int(top) + 1 if str(top).isdecimal() and int(top) < 50 else len(texts)
        rows = []
        for level in range(max(levels, len(texts), len(awards))):
            inputs = [
                Input(f"n-ladder-{level}-text", gettext("Description"), "text", _nth(texts, level)),
                Input(f"n-ladder-{level}-award", gettext("Marks"), "number", _nth(awards, level)),
            ]
            title = gettext("Level %(level)s", level=level)
            rows.append(Row(title, inputs, f"n-ladder-{level}-there", f"less:ladder:{level}"))
        return Block("", rows, add="more:ladder", add_label=gettext("Add a level"))

    def _rounds(self) -> Block:
        found = {one.get("at", "result"): one for one in self.data.get("rounds") or ()}
        inputs = []
        for step, label in STEPS:
            one = found.get(step)
            digits = "" if one is None else written(one.get("digits", 2))
            index = list(found).index(step) if one is not None else -1
            errors = self._wrong(("rounds", str(index)))
            text = gettext("Decimal places: %(step)s", step=gettext(label))
            inputs.append(Input(f"n-rounds-{step}-digits", text, "whole", digits, errors=errors))
            mode = written((one or {}).get("mode", "half_up"))
            modes = [(code, gettext(said)) for code, said in MODES]
            inputs.append(Input(f"n-rounds-{step}-mode", gettext("Rounded"), "choice", mode, modes))
        rows = [Row("", inputs[n : n + 2]) for n in range(0, len(inputs), 2)]
        return Block(gettext("Rounding (empty: none)"), rows)


def _names(item: Item) -> Names:
    if isinstance(item, Rows) and item.under:
        return (item.under,)
    return ("ladder", "awards", "top") if item.name == "ladder" else (item.name,)


def _emptied(shown: Input) -> Input:
    return shown if shown.typed == "choice" else Input(**{**shown.__dict__, "value": ""})


def _nth(values: Sequence[Any], index: int) -> str:
    return written(values[index]) if index < len(values) else ""


def _said(text: str) -> str:
    return gettext(text) if text else ""


def written(value: Any) -> str:
    """Write a value of a field as it is typed."""
    if value is None or value is False:
        return ""
    if value is True:
        return "y"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(written, value))
    return str(getattr(value, "value", value))
