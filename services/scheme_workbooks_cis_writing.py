"""Write one part of a marking scheme in the workbook layout of CIS."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter

from rules.data import InvalidRules, plain
from rules.refusals import Refused
from rules.schemes import LADDER_STEPS, Aspect, AspectKind, Part, Section
from rules.texts import N_
from services.scheme_workbooks_calculations import SHEET_TITLE as CALCULATIONS
from services.scheme_workbooks_calculations import calculation_text
from services.scheme_workbooks_cis import SHEET_TITLE
from services.workbooks_writing import FONT, no_warnings

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER_LADDER = N_("A CIS workbook holds ladders of 0 to 3 with equal steps only: %(aspect)s.")
OTHER_KIND = N_("A CIS workbook cannot say how %(aspect)s is measured.")
TOO_MANY = N_("A CIS workbook has at most 26 criteria.")
HEADINGS = (
    "Sub\nCriterion\nID",
    "Sub Criterion\nName or Description",
    "Day of Marking",
    "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)",
    "WSOS Section",
    "Calculation Row \n(Export only)",
    "Max\nMark",
)
_WIDTHS = (8, 24, 8, 8, 44, 7, 44, 28, 9, 9, 8, 12, 8, 8)


def write_cis(part: Part, title: str) -> bytes:
    """Write a part; refuse with everything that the layout cannot hold."""
    problems = [*_problems(part)]
    if problems:
        raise InvalidRules(problems)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    _Writer(book, part).write(title)
    book.close()
    return target.getvalue()


def _problems(part: Part) -> Iterator[Refused]:
    if len(part.sections) > len(LETTERS):
        yield Refused(TOO_MANY)
    for aspect in part.aspects:
        ladder = aspect.kind is AspectKind.JUDGEMENT
        if ladder and (len(aspect.ladder) != LADDER_STEPS or aspect.awards):
            yield Refused(OTHER_LADDER, aspect=aspect.title)
        if aspect.kind is AspectKind.BANDS or _is_special(aspect):
            yield Refused(OTHER_KIND, aspect=aspect.title)


def _is_special(aspect: Aspect) -> bool:
    """Say whether a measured value is judged in a way that the tab has no words for."""
    measured = aspect.kind is AspectKind.DEVIATION
    plain = aspect.tolerance == 0 and aspect.counted == "proportional" and aspect.side == "both"
    return measured and not (plain and aspect.minimum == 0)


@dataclass
class _Writer:
    book: Any
    part: Part
    row: int = 0
    calculations: list[tuple[str, str, str]] = field(default_factory=list)

    def write(self, title: str) -> None:
        """Write the head, every criterion, and the calculations."""
        self.sheet = self.book.add_worksheet(SHEET_TITLE)
        self._head_form = self.book.add_format(
            {**FONT, "bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF4"}
        )
        self._form = self.book.add_format({**FONT, "text_wrap": True, "valign": "top"})
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)
        self._line({0: title})
        self._standards()
        self._criteria()
        for letter, criterion in zip(LETTERS, self.part.sections, strict=False):
            self._criterion(letter, criterion)
        self._write_calculations()
        for sheet in self.book.worksheets():
            no_warnings(sheet)

    def _line(self, cells: Mapping[int, object], head: bool = False) -> int:
        form = self._head_form if head else self._form
        for column, value in cells.items():
            if isinstance(value, Decimal | int):
                self.sheet.write_number(self.row, column, value, form)
            elif value:
                self.sheet.write_string(self.row, column, str(value), form)
        self.row += 1
        return self.row

    def _standards(self) -> None:
        sums: dict[str, Decimal] = {}
        for aspect in self.part.aspects:
            sums[aspect.section] = sums.get(aspect.section, Decimal(0)) + aspect.maximum
        self.row += 1
        self._line({0: "WorldSkills Occupational Standards"}, head=True)
        names = {0: "Section", 1: "WSOS Marks", 8: "WSOS Marks", 9: "Aspect Marks", 10: "Variation"}
        self._line(names, head=True)
        for name, total in sorted(sums.items()):
            if name:
                self._line({0: _number(name), 1: name, 8: total, 9: total, 10: 0})
        self._line({8: "Total Variation", 10: 0})
        self.row += 2

    def _criteria(self) -> None:
        self._line({0: "Criteria"}, head=True)
        self._line({0: "ID", 1: "Name", 10: "Mark"}, head=True)
        for letter, criterion in zip(LETTERS, self.part.sections, strict=False):
            self._line({0: letter, 1: criterion.title, 10: _total(criterion)})
        self.row += 2

    def _criterion(self, letter: str, criterion: Section) -> None:
        sums = {11: f"Criterion {letter}", 12: "Total\nMark", 13: _total(criterion)}
        self._line({**dict(enumerate(HEADINGS)), **sums}, head=True)
        number = 0
        if criterion.aspects:
            number += 1
            own = Section(key="", title=criterion.title, aspects=criterion.aspects)
            self._sub(f"{letter}{number}", own)
        for sub in criterion.sections:
            number += 1
            self._sub(f"{letter}{number}", sub)
        self.row += 1

    def _sub(self, key: str, sub: Section) -> None:
        self._line({0: key, 1: sub.title, 2: "1"})
        count = 0
        for heading, aspects in _groups(sub, ""):
            if heading and aspects:
                self._line({4: heading})
            for aspect in aspects:
                count += 1
                self._aspect(f"{key}.", count, aspect)

    def _aspect(self, prefix: str, number: int, aspect: Aspect) -> None:
        judged = aspect.kind is AspectKind.JUDGEMENT
        letter = "J" if judged else "M"
        cells: dict[int, object] = {
            3: letter,
            4: aspect.title,
            6: _extra(aspect),
            7: aspect.requirement,
            8: _number(aspect.section),
            10: aspect.maximum,
        }
        if aspect.kind in (AspectKind.DEVIATION, AspectKind.CHOICE):
            self.calculations.append((f"{prefix}{letter}{number}", *calculation_text(aspect)))
        self._line(cells)
        for score, text in enumerate(aspect.ladder if judged else ()):
            self._line({5: score, 6: text})

    def _write_calculations(self) -> None:
        if not self.calculations:
            return
        sheet = self.book.add_worksheet(CALCULATIONS)
        for row, (name, kind, text) in enumerate(self.calculations, start=1):
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, kind)
            sheet.write_boolean(row, 2, True)
            sheet.write_string(row, 3, text)


def _groups(section: Section, title: str) -> Iterator[tuple[str, tuple[Aspect, ...]]]:
    yield title, section.aspects
    for below in section.sections:
        yield from _groups(below, f"{title} / {below.title}" if title else below.title)


def _extra(aspect: Aspect) -> str:
    """Return the notes; points have no type of their own in CIS, so their steps are told."""
    if aspect.kind is not AspectKind.POINTS:
        return aspect.detail
    steps = f"{plain(aspect.minimum)}–{plain(aspect.maximum)} / {plain(aspect.step)}"
    return f"{aspect.detail} [{steps}]".strip()


def _number(text: str) -> object:
    return int(text) if text.isdecimal() and len(text) < 6 else text


def _total(section: Section) -> Decimal:
    return sum((aspect.maximum for aspect in section.flat()), Decimal(0))
