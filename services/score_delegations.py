"""Delegations over several events: a CSV of finishes in, points and ranks of delegations out."""

import csv
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

from rules.plans import EventPlan
from rules.refusals import Refused
from rules.tables import Finish
from rules.texts import N_
from services.score_files import LONGEST_NAME, BadFile, FileProblem, lines_of, read_text
from services.score_marks import header_problems

NEEDED = ("event", "delegation", "entry")
COLUMNS = (*NEEDED, "rank", "award", "scale")

_OTHER_COLUMN = N_("%(column)s is none of the columns: %(known)s.")
_WIDTH = N_("The row has %(cells)s cells; the header has %(columns)s.")
_EMPTY = N_("%(column)s is missing.")
_WHOLE = N_("%(column)s must be a whole number.")
_NO_TIER = N_("%(award)s is no award of the plan.")
_TWICE = N_("The entry %(entry)s stands in line %(line)s already.")
_NO_RULE = N_("The scheme file says nothing about delegations.")
_LONGEST_NUMBER = 9


def read_finishes(file: File, plan: EventPlan) -> list[Finish]:
    """Read who finished how in which event; raise BadFile with every problem."""
    if plan.delegations is None:
        raise Refused(_NO_RULE)
    return _Finishes(file, plan).read()


class _Finishes:
    def __init__(self, file: File, plan: EventPlan) -> None:
        rule = plan.delegations
        self._file = file
        self._tiers = {t.key for t in plan.awards.tiers} | {*(rule.tier_points if rule else ())}
        self._problems: list[FileProblem] = []
        self._lines: dict[tuple[str, str], int] = {}

    def read(self) -> list[Finish]:
        """Read the file."""
        reader = csv.reader(lines_of(read_text(self._file)), strict=True)
        found: list[Finish] = []
        try:
            header = [name.strip().lower() for name in next(reader, [])]
            if self._has_columns(header):
                found = [*self._rows(reader, header)]
        except csv.Error as error:
            self._wrong(reader.line_num, 1, N_("This is not CSV: %(why)s."), why=str(error))
        if self._problems:
            raise BadFile(self._problems)
        return found

    def _wrong(self, at_line: int, at_column: int, text: str, /, **params: Any) -> None:
        problem = FileProblem(str(self._file), at_line, at_column, "", Refused(text, **params))
        self._problems.append(problem)

    def _has_columns(self, header: list[str]) -> bool:
        for column, text, name in header_problems(header, NEEDED):
            self._wrong(1, column, text, column=name[:LONGEST_NAME])
        known = ", ".join(COLUMNS)
        for index, name in enumerate(header, 1):
            if name not in COLUMNS and not self._problems:
                self._wrong(1, index, _OTHER_COLUMN, column=name[:LONGEST_NAME], known=known)
        return not self._problems

    def _rows(self, reader: Any, header: list[str]) -> Iterator[Finish]:
        for row in reader:
            line = reader.line_num
            if not any(value.strip() for value in row):
                continue
            if len(row) > len(header):
                sizes = {"cells": len(row), "columns": len(header)}
                self._wrong(line, len(header) + 1, _WIDTH, **sizes)
                continue
            cells = {name: value.strip() for name, value in zip(header, row, strict=False)}
            self._check(line, header, cells)
            numbers = {name: self._whole(line, header, cells, name) for name in ("rank", "scale")}
            award = cells.get("award") or None
            yield Finish(cells["delegation"], cells["event"], line, tier=award, **numbers)

    def _check(self, line: int, header: list[str], cells: dict[str, str]) -> None:
        for name in NEEDED:
            if not cells.setdefault(name, ""):
                self._wrong(line, header.index(name) + 1, _EMPTY, column=name)
        entry = (cells["event"], cells["entry"])
        before = self._lines.setdefault(entry, line)
        if before != line:
            column = header.index("entry") + 1
            self._wrong(line, column, _TWICE, entry=entry[1][:LONGEST_NAME], line=before)
        award = cells.get("award", "")
        if award and award not in self._tiers:
            self._wrong(line, header.index("award") + 1, _NO_TIER, award=award[:LONGEST_NAME])

    def _whole(self, line: int, header: list[str], cells: dict[str, str], name: str) -> int | None:
        text = cells.get(name, "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_NUMBER:
            self._wrong(line, header.index(name) + 1, _WHOLE, column=name)
            return None
        return int(text)
