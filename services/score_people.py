"""Names, teams and delegations of entries as a file: CSV with entry, name, team, delegation."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

from rules.outcomes import Contestant
from rules.refusals import Refused
from rules.texts import N_
from services.score_files import LONGEST_NAME, BadFile, FileProblem, lines_of, read_text
from services.score_marks import MarkTable, header_problems

COLUMNS = ("entry", "name", "team", "delegation")

_OTHER_COLUMN = N_("%(column)s is none of the columns: %(known)s.")
_WIDTH = N_("The row has %(cells)s cells; the header has %(columns)s.")
_NO_ENTRY = N_("The marks hold no entry %(entry)s.")
_TWICE = N_("The entry %(entry)s stands in line %(line)s already.")


def read_contestants(file: File, table: MarkTable) -> Mapping[int, Contestant]:
    """Read what is known of the entries of a marks file; raise BadFile with every problem."""
    return _People(file, table).read()


class _People:
    def __init__(self, file: File, table: MarkTable) -> None:
        self._file = file
        self._numbers = {name: number for number, name in table.entries.items()}
        self._problems: list[FileProblem] = []
        self._lines: dict[str, int] = {}

    def read(self) -> Mapping[int, Contestant]:
        """Read the file."""
        text = read_text(self._file)
        reader = csv.reader(lines_of(text), strict=True)
        found: dict[int, Contestant] = {}
        try:
            header = [name.strip().lower() for name in next(reader, [])]
            if self._has_columns(header):
                found = dict(self._rows(reader, header))
        except csv.Error as error:
            self._wrong(reader.line_num, 1, N_("This is not CSV: %(why)s."), why=str(error))
        if self._problems:
            raise BadFile(self._problems)
        return found

    def _wrong(self, at_line: int, at_column: int, text: str, /, **params: Any) -> None:
        problem = FileProblem(str(self._file), at_line, at_column, "", Refused(text, **params))
        self._problems.append(problem)

    def _has_columns(self, header: list[str]) -> bool:
        known = ", ".join(COLUMNS)
        for column, text, name in header_problems(header, ("entry",)):
            self._wrong(1, column, text, column=name[:LONGEST_NAME])
        for index, name in enumerate(header, 1):
            if name not in COLUMNS and not self._problems:
                self._wrong(1, index, _OTHER_COLUMN, column=name[:LONGEST_NAME], known=known)
        return not self._problems

    def _rows(self, reader: Any, header: list[str]) -> Iterator[tuple[int, Contestant]]:
        for row in reader:
            line = reader.line_num
            if not any(value.strip() for value in row):
                continue
            if len(row) > len(header):
                sizes = {"cells": len(row), "columns": len(header)}
                self._wrong(line, len(header) + 1, _WIDTH, **sizes)
                continue
            cells = {name: value.strip() for name, value in zip(header, row, strict=False)}
            entry = cells.pop("entry", "")
            number, before = self._numbers.get(entry), self._lines.setdefault(entry, line)
            if number is None:
                self._wrong(line, 1, _NO_ENTRY, entry=entry[:LONGEST_NAME])
            elif before != line:
                self._wrong(line, 1, _TWICE, entry=entry[:LONGEST_NAME], line=before)
            else:
                yield number, Contestant(**cells)
