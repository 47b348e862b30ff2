"""Marks as CSV, in long form (one row a mark) or wide form (one column a judge)."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as File
from typing import Any, NamedTuple

from rules.awarding import deduction_problem, given_problem, mark_problem
from rules.marking import WHOLE
from rules.marks import JudgeMarks
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.scheme_nodes import Aspect, AspectKind, Deduction, Given, Node, below
from rules.schemes import Scheme
from rules.stages import Starter
from rules.texts import N_
from services.score_files import LONGEST_NAME, BadFile, FileProblem, lines_of, read_text

FIXED = ("stage", "entry", "node", "judge", "value", "status")
GUEST = "guest"
MOST_MARKS = 1_000_000
MOST_PROBLEMS = 10_000
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,10})?")

_NO_COLUMN = N_("The column %(column)s is missing.")
_COLUMN_TWICE = N_("The column %(column)s stands twice.")
_NO_ENTRY = N_("The row names no entry.")
_NO_NODE = N_("%(node)s is not in the marking scheme.")
_NO_STAGE = N_("There is no stage %(stage)s.")
_OTHER_STAGE = N_("%(node)s does not belong to the stage %(stage)s.")
_NUMBER_ONLY = N_("%(value)s is not a number that a mark can be.")
_TWICE = N_("This mark stands in line %(line)s already.")
_STATUS = N_("%(status)s is no status: competed, absent, withdrawn, violation or guest.")
_TWO_STATUSES = N_("The entry has another status in line %(line)s.")
_WIDTH = N_("The row has %(cells)s cells; the header has %(columns)s.")
_NO_OPTION = N_("%(value)s is none of the options.")
_SEPARATOR = N_("The cells of a row must be separated by commas.")
_NO_COLUMN_OF_THESE = N_("%(column)s is none of the columns: %(known)s.")
_NO_NAME = N_("The column has no name.")
_NO_JUDGES = N_("A column judge needs a column value beside it.")
_NO_MARKS = N_("The file holds no marks.")
_MARK_AND_STATUS = N_("A row with a mark has no status; a judge who is absent has no mark.")
_STATUS_AND_MARK = N_("A row without node gives a status, no mark.")
_TOO_MANY = N_("The file holds more than %(most)s marks.")
_MORE = N_("There are more problems; they are not listed.")


@dataclass
class MarkTable:
    """The marks of a file, with the names that stand for entries and judges there."""

    starters: list[Starter] = field(default_factory=list)
    entries: dict[int, str] = field(default_factory=dict)
    judges: dict[int, str] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)

    def entry(self, name: str) -> int | None:
        """Return the number of an entry by its name in the file."""
        return next((number for number, known in self.entries.items() if known == name), None)


class _Cell(NamedTuple):
    line: int
    column: int
    stage: str
    entry: str
    node: str
    judge: str
    value: str
    status: str


def read_marks(file: File, scheme: Scheme) -> MarkTable:
    """Read the marks of an event; raise BadFile with every problem and its place."""
    return _Reader(file, scheme).read()


class _Reader:
    def __init__(self, file: File, scheme: Scheme) -> None:
        self._file, self._nodes = file, _Nodes(scheme)
        self._problems: list[FileProblem] = []
        self._entries: dict[str, int] = {}
        self._judges: dict[str, int] = {"": 0}
        self._lines: dict[int, int] = {}
        self._seen: dict[tuple[int, str, int], int] = {}
        self._marks: dict[int, dict[str, dict[int, dict[str, Decimal]]]] = {}
        self._statuses: dict[int, dict[str, tuple[EntryStatus, int]]] = {}
        self._guests: set[int] = set()

    def read(self) -> MarkTable:
        """Read the file, or raise BadFile."""
        text = read_text(self._file)
        limit = csv.field_size_limit(len(text) + 1)  # a cell may be as long as the file
        try:
            for cell in self._cells(text):
                self._take(cell)
                if self._too_much(cell):
                    break
        finally:
            csv.field_size_limit(limit)
        if not self._entries and not self._problems:
            self._wrong(1, 1, "", _NO_MARKS)
        if self._problems:
            raise BadFile(self._problems)
        return MarkTable(
            [self._starter(number) for number in self._entries.values()],
            {number: name for name, number in self._entries.items()},
            {number: name for name, number in self._judges.items()},
            self._lines,
        )

    def _too_much(self, cell: _Cell) -> bool:
        if len(self._seen) > MOST_MARKS:
            self._wrong(cell.line, cell.column, "", _TOO_MANY, most=MOST_MARKS)
            return True
        if len(self._problems) >= MOST_PROBLEMS:
            self._wrong(cell.line + 1, 1, "", _MORE)
            return True
        return False

    def _starter(self, number: int) -> Starter:
        parts = {
            part: [JudgeMarks(judge, marks) for judge, marks in sorted(sheets.items())]
            for part, sheets in self._marks.get(number, {}).items()
        }
        statuses = {stage: s for stage, (s, _) in self._statuses.get(number, {}).items()}
        return Starter(number, parts, statuses, number not in self._guests)

    def _wrong(self, at_line: int, at_column: int, at: str, text: str, /, **params: Any) -> None:
        self._report(at_line, at_column, at, Refused(text, None, **params))

    def _report(self, line: int, column: int, node: str, problem: Refused) -> None:
        self._problems.append(FileProblem(str(self._file), line, column, node, problem))

    def _cells(self, text: str) -> Iterator[_Cell]:
        reader = csv.reader(lines_of(text), strict=True)
        before = 0
        try:
            header = [_column_name(name) for name in next(reader, [])]
            if not self._has_columns(header):
                return
            before = reader.line_num
            for row in reader:
                if any(value.strip() for value in row):
                    yield from self._row(before + 1, header, row)
                before = reader.line_num
        except csv.Error as error:
            self._wrong(before + 1, 1, "", N_("This is not CSV: %(why)s."), why=str(error))

    def _has_columns(self, header: list[str]) -> bool:
        for column, text, name in header_problems(header, ("entry", "node")):
            self._wrong(1, column, "", text, column=name[:LONGEST_NAME], known=", ".join(FIXED))
        is_long = "value" in header
        if "judge" in header and not is_long:
            self._wrong(1, header.index("judge") + 1, "", _NO_JUDGES)
        for index, name in enumerate(header, 1):
            if is_long and name and name not in FIXED:
                known = ", ".join(FIXED)
                self._wrong(1, index, "", _NO_COLUMN_OF_THESE, column=name[:60], known=known)
        return not self._problems

    def _row(self, line: int, header: list[str], row: list[str]) -> Iterator[_Cell]:
        if len(row) > len(header):
            self._wrong(line, len(header) + 1, "", _WIDTH, cells=len(row), columns=len(header))
            return
        cells: dict[str, tuple[int, str]] = {}
        for index, (name, value) in enumerate(zip(header, row, strict=False), 1):
            if name:
                cells[name] = (index, value.strip())
            elif value.strip():
                self._wrong(line, index, "", _NO_NAME)
        fixed = {name: cells.get(name, (1, ""))[1] for name in FIXED}
        base = (fixed["stage"], fixed["entry"], fixed["node"])
        if "value" in header or not fixed["node"]:
            column = cells.get("value", (1, ""))[0]
            rest = (fixed["judge"], fixed["value"], fixed["status"])
            yield _Cell(line, column, *base, *rest)
            return
        yield _Cell(line, cells["node"][0], *base, "", "", fixed["status"])
        for name, (index, value) in cells.items():
            if name not in FIXED and value:
                yield _Cell(line, index, *base, "" if name == "-" else name, value, "")

    def _take(self, cell: _Cell) -> None:
        if not cell.entry:
            self._wrong(cell.line, 1, cell.node, _NO_ENTRY)
            return
        entry = self._entries.setdefault(cell.entry, len(self._entries) + 1)
        self._lines.setdefault(entry, cell.line)
        if cell.stage and cell.stage not in self._nodes.stages:
            self._wrong(cell.line, cell.column, cell.node, _NO_STAGE, stage=cell.stage[:60])
        elif not cell.node:
            self._status(entry, cell)
        else:
            self._mark(entry, cell)

    def _status(self, entry: int, cell: _Cell) -> None:
        text = cell.status.lower()
        if cell.value:
            self._wrong(cell.line, cell.column, "", _STATUS_AND_MARK)
            return
        if text == GUEST:
            self._guests.add(entry)
            return
        if text not in {status.value for status in EntryStatus}:
            self._wrong(cell.line, cell.column, "", _STATUS, status=cell.status[:60] or "–")
            return
        known = self._statuses.setdefault(entry, {})
        status, line = known.setdefault(cell.stage or WHOLE, (EntryStatus(text), cell.line))
        if status != text:
            self._wrong(cell.line, cell.column, "", _TWO_STATUSES, line=line)

    def _mark(self, entry: int, cell: _Cell) -> None:
        place = self._nodes.find(cell.node, cell.stage)
        if place is None:
            other = self._nodes.find(cell.node, "") is not None
            text = _OTHER_STAGE if other else _NO_NODE
            names = {"node": cell.node[:LONGEST_NAME], "stage": cell.stage[:LONGEST_NAME]}
            self._wrong(cell.line, cell.column, cell.node, text, **names)
            return
        if cell.status and (cell.value or cell.status.lower() != EntryStatus.ABSENT):
            self._wrong(cell.line, cell.column, cell.node, _MARK_AND_STATUS)
            return
        if not cell.value:
            return  # a judge who is marked absent, or no mark yet
        value = self._value(cell, place.declared)
        judge = self._judges.setdefault(cell.judge, len(self._judges))
        key, count = (entry, place.declared.key, judge), len(self._seen)
        line = self._seen.setdefault(key, cell.line)
        if len(self._seen) == count:
            self._wrong(cell.line, cell.column, cell.node, _TWICE, line=line)
        elif value is not None:
            sheets = self._marks.setdefault(entry, {}).setdefault(place.part, {})
            sheets.setdefault(judge, {})[place.declared.key] = value

    def _value(self, cell: _Cell, declared: Aspect | Given | Deduction) -> Decimal | None:
        text = cell.value
        if isinstance(declared, Aspect) and declared.kind is AspectKind.CHOICE:
            labels = [option.label for option in declared.options]
            if text not in labels:
                self._wrong(cell.line, cell.column, cell.node, _NO_OPTION, value=text[:40])
                return None
            return Decimal(labels.index(text))
        if not _NUMBER.fullmatch(text):
            self._wrong(cell.line, cell.column, cell.node, _NUMBER_ONLY, value=text[:40])
            return None
        value = Decimal(text)
        problem = _problem(declared, value)
        if problem is not None:
            self._report(cell.line, cell.column, cell.node, problem)
            return None
        return abs(value) if value == 0 else value


def _problem(declared: Aspect | Given | Deduction, value: Decimal) -> Refused | None:
    if isinstance(declared, Aspect):
        return mark_problem(declared, value)
    if isinstance(declared, Given):
        return given_problem(declared, value)
    return deduction_problem(declared, value)


class _Place(NamedTuple):
    stage: str
    part: str
    declared: Aspect | Given | Deduction


class _Nodes:
    """Finds what a row names: an aspect, an agreed value, a deduction, a fact."""

    def __init__(self, scheme: Scheme) -> None:
        self.stages = {stage.key for stage in scheme.stages}
        self._places: dict[str, _Place] = {}
        for part in scheme.parts:
            for node in part.nodes:
                self._add(part.stage, part.key, node)
        for stage, _ in scheme.levels:
            self._add(stage.key, WHOLE, stage)
        for fact in scheme.facts:
            self._places[fact.key] = _Place("", WHOLE, fact)
        for part in scheme.parts:
            for node in part.nodes:
                self._short(part.stage, part.key, node.key, _only_aspect(node))

    def _add(self, stage: str, part: str, node: Node) -> None:
        declared: list[Aspect | Given | Deduction] = [*node.agreed, *node.deductions]
        if isinstance(node, Aspect):
            declared.append(node)
        for one in declared:
            self._places[one.key] = _Place(stage, part, one)

    def _short(self, stage: str, part: str, key: str, only: Aspect | None) -> None:
        """Let a part or section with one aspect stand for it."""
        if only is not None:
            self._places.setdefault(key, _Place(stage, part, only))

    def find(self, node: str, stage: str) -> _Place | None:
        """Return what a node of a stage is; in a stage copied from another the prefix may lack."""
        for key in (node, f"{stage}.{node}"):
            place = self._places.get(key)
            if place is not None and (not stage or place.stage in ("", stage)):
                return place
        return None


def _only_aspect(node: Node) -> Aspect | None:
    while not isinstance(node, Aspect):
        inside = below(node)
        if len(inside) != 1:
            return None
        (node,) = inside
    return node


def _column_name(name: str) -> str:
    """Return the name of a column; the fixed ones may be written large."""
    name = name.strip()
    return name.lower() if name.lower() in FIXED else name


def header_problems(header: list[str], needed: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong with the names of columns: where, which text, which name."""
    missing = [name for name in needed if name not in header]
    if missing and len(header) == 1 and any(sign in header[0] for sign in ";\t"):
        yield 1, _SEPARATOR, ""
        return
    yield from ((1, _NO_COLUMN, name) for name in missing)
    seen = set[str]()
    for index, name in enumerate(header, 1):
        if name and name in seen:
            yield index, _COLUMN_TWICE, name
        seen.add(name)
