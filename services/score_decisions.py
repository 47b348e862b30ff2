"""Recorded decisions about ties as a file: JSON or YAML, entries by their names."""

from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from rules.decisions import Decision
from rules.refusals import Refused
from rules.regulations import Regulations
from rules.texts import N_
from services.positions import Path, Positioned, Unreadable, read_json, read_yaml
from services.score_files import BIGGEST_RULES, LONGEST_NAME, BadFile, FileProblem, read_text
from services.score_marks import MarkTable

_NO_ENTRY = N_("There is no entry %(entry)s.")
_NO_DECISION = N_("This is no decision: %(why)s.")
_NO_LIST = N_("Decisions are a list, each with kind, about, order, reason and decided_by.")
_TWICE = N_("The entry %(entry)s stands twice in the order.")
_EMPTY = N_("A decision needs a reason, and the name of who decided.")
_ABOUT = N_("%(about)s is nothing that a decision of the kind %(kind)s could be about.")


def read_decisions(file: File, table: MarkTable, rules: Regulations) -> list[Decision]:
    """Read a list of decisions; raise BadFile with every problem."""
    try:
        is_yaml = file.suffix.lower() in (".yaml", ".yml")
        found = (read_yaml if is_yaml else read_json)(read_text(file, BIGGEST_RULES))
    except Unreadable as error:
        problem = FileProblem(str(file), error.line, error.column, "", error)
        raise BadFile([problem]) from None
    return _Decisions(file, found, table, rules).read()


class _Decisions:
    def __init__(self, file: File, found: Positioned, table: MarkTable, rules: Regulations) -> None:
        self._file, self._found = file, found
        self._numbers = {name: number for number, name in table.entries.items()}
        self._about = _subjects(rules)
        at = (FileProblem(str(file), one.line, one.column, "", one) for one in found.problems)
        self._problems = [*at]

    def read(self) -> list[Decision]:
        """Make the decisions, or raise BadFile."""
        items = self._found.data
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            self._wrong((), _NO_LIST)
            items = []
        decisions = [found for i, item in enumerate(items) for found in self._made(i, item)]
        if self._problems:
            raise BadFile(self._problems)
        return decisions

    def _wrong(self, path: Path, text: str, **params: Any) -> None:
        place = self._found.place(path)
        self._problems.append(FileProblem(str(self._file), *place, "", Refused(text, **params)))

    def _made(self, index: int, item: dict[str, Any]) -> Iterator[Decision]:
        names = item.get("order")
        known = isinstance(names, list)
        numbers = [*self._order(index, names)] if isinstance(names, list) else names
        try:
            decision = Decision.model_validate({**item, "order": numbers})
        except ValidationError as error:
            for one in error.errors():
                where = ".".join(map(str, one["loc"]))
                self._wrong((index, *one["loc"]), _NO_DECISION, why=f"{where}: {one['msg']}")
            return
        if not decision.reason.strip() or not decision.decided_by.strip():
            self._wrong((index,), _EMPTY)
        if decision.about not in self._about[decision.kind]:
            about = decision.about[:LONGEST_NAME] or "–"
            self._wrong((index, "about"), _ABOUT, about=about, kind=decision.kind)
        if known:
            yield decision

    def _order(self, index: int, names: list[Any]) -> Iterator[int]:
        for at, name in enumerate(names):
            number = self._numbers.get(str(name))
            if number is None:
                self._wrong((index, "order", at), _NO_ENTRY, entry=str(name)[:LONGEST_NAME])
            elif name in names[:at]:
                self._wrong((index, "order", at), _TWICE, entry=str(name)[:LONGEST_NAME])
            else:
                yield number


def _subjects(rules: Regulations) -> dict[str, set[str]]:
    """Return what decisions of each kind can be about."""
    nodes = [*(node for part in rules.scheme.parts for node in part.nodes)]
    nodes += [stage for stage, _ in rules.scheme.levels]
    return {
        "place": {""},
        "advance": {stage.key for stage in rules.scheme.stages},
        "points": {node.key for node in nodes if node.points is not None},
        "award": {tier.key for tier in rules.plan.all_tiers},
        "grant": {"", *(tier.key for tier in rules.plan.all_tiers)},
    }
