"""The tab "Calculations" of a CIS workbook: how a measured value or a choice takes marks off."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from rules.data import plain
from rules.refusals import Refused
from rules.schemes import Aspect, AspectKind, Option
from rules.texts import N_
from services.workbooks_cells import show, tidy
from services.workbooks_grids import Grid, address

SHEET_TITLE = "Calculations"
DIFFERENCE = "REGULAR_DIFFERENCE_DEDUCTION"
CHOICE = "CHOICE"
MOST_CHOICES = 20

UNKNOWN = N_("%(cell)s: the calculation %(name)s cannot be used; its aspect stays met or not met.")
NO_ASPECT = N_(
    "%(cell)s: the calculation %(name)s names no aspect. If one counts deductions in this way, "
    "change its kind after taking over."
)
_PAIR = "#-#"
_NAMED = ":::"
_SIDES = "#x~x#"
_CHOICE = re.compile(r"CHOICE([0-9]{1,2})_LABEL")


@dataclass(frozen=True)
class Calculation:
    """One row of the tab: where it stands, what it is called, what it says."""

    cell: str
    name: str
    kind: str
    values: Mapping[str, str]

    def applied(self, aspect: Aspect) -> Aspect | None:
        """Return the aspect with this calculation; None where it makes no sense."""
        try:
            changes = self._difference() if self.kind == DIFFERENCE else self._choice(aspect)
            made = Aspect.model_validate(aspect.model_dump() | changes)
        except (InvalidOperation, KeyError, ValueError):
            return None
        awards = [option.award for option in made.options]
        sound = all(0 <= award <= made.maximum for award in awards)
        return made if sound and made.difference > 0 and made.deduction >= 0 else None

    def _difference(self) -> dict[str, object]:
        names = {"target": "TARGET_VALUE", "difference": "DIFFERENCE", "deduction": "DEDUCTION"}
        numbers = {name: _exact(self.values[key]) for name, key in names.items()}
        return {"kind": AspectKind.DEVIATION, **numbers}

    def _choice(self, aspect: Aspect) -> dict[str, object]:
        if self.kind != CHOICE:
            raise KeyError(self.kind)
        numbers = sorted(int(found[1]) for key in self.values if (found := _CHOICE.fullmatch(key)))
        options = tuple(
            Option(
                label=self.values[f"CHOICE{n}_LABEL"],
                award=aspect.maximum - _exact(self.values[f"CHOICE{n}_DEDUCTION"]),
            )
            for n in numbers
        )
        if len({option.label for option in options}) < max(len(options), 2):
            raise KeyError(CHOICE)
        return {"kind": AspectKind.CHOICE, "options": options}


def _exact(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite() or abs(value) > 10**6:
        raise InvalidOperation
    return value.quantize(Decimal("0.0001")).normalize() + 0


def read_calculations(grid: Grid) -> Iterator[Calculation]:
    """Yield the calculations of the tab."""
    for row, cells in sorted(grid.rows.items()):
        name, kind = tidy(show(cells.get(1))), tidy(show(cells.get(2)))
        if name and kind:
            yield Calculation(address(row, 1), name, kind, _values(show(cells.get(4))))


def _values(text: str) -> dict[str, str]:
    """Read KEY:::number#x~x#text pairs; one side of the mark is filled."""
    found = {}
    for pair in text.split(_PAIR):
        key, _, value = pair.partition(_NAMED)
        if key:
            found[key.strip()] = "".join(value.split(_SIDES)).strip()
    return found


def apply_calculations(
    calculations: Iterator[Calculation], aspects: Mapping[str, Aspect]
) -> tuple[dict[str, Aspect], list[Refused]]:
    """Return the aspects that calculations change, by key, and what they leave unsaid."""
    changed: dict[str, Aspect] = {}
    warnings: list[Refused] = []
    for one in calculations:
        params = {"cell": f"{SHEET_TITLE}!{one.cell}", "name": one.name}
        aspect = aspects.get(one.name)
        made = one.applied(aspect) if aspect is not None else None
        if aspect is None:
            warnings.append(Refused(NO_ASPECT, **params))
        elif made is None or aspect.kind is not AspectKind.MEASUREMENT:
            warnings.append(Refused(UNKNOWN, **params))
        else:
            changed[one.name] = made
    return changed, warnings


def calculation_text(aspect: Aspect) -> tuple[str, str]:
    """Return the kind of calculation of an aspect and how the tab writes it."""
    if aspect.kind is AspectKind.DEVIATION:
        numbers = {
            "TARGET_VALUE": plain(aspect.target),
            "DIFFERENCE": plain(aspect.difference),
            "DEDUCTION": plain(aspect.deduction),
        }
        return DIFFERENCE, _text({key: f"{text}{_SIDES}" for key, text in numbers.items()})
    pairs: dict[str, str] = {}
    for number, option in enumerate(aspect.options, start=1):
        pairs[f"CHOICE{number}_LABEL"] = f"{_SIDES}{option.label}"
        pairs[f"CHOICE{number}_DEDUCTION"] = f"{plain(aspect.maximum - option.award)}{_SIDES}"
    return CHOICE, _text(pairs)


def _text(pairs: Mapping[str, str]) -> str:
    whole = {"DEDUCTION_TYPE": f"{_SIDES}UNIT", **pairs}
    return _PAIR.join(f"{key}{_NAMED}{text}" for key, text in whole.items())
