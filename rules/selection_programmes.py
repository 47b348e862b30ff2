"""The programmes that ship: each is data, and no line of code elsewhere knows any of them (R5)."""

from collections.abc import Mapping
from typing import Any

from rules.data import RuleData
from rules.honours import HonourLevel
from rules.selection_copies import moved_by_years
from rules.selection_programme_parts import MODEL_YEAR
from rules.selection_programmes_appointed import CHIEF, SENIOR
from rules.selection_programmes_city import EXPERTS, MASTERS
from rules.selection_programmes_commended import ACHIEVEMENT
from rules.selection_rounds import RoundRules
from rules.selections import Verb


class ShippedProgramme(RuleData):
    """A programme as a bureau may take it over, and the rules of a first round.

    ``number`` is the document by which each bureau approves its own: it ships empty.
    """

    code: str
    title: str
    verb: Verb
    level: HonourLevel
    organiser: str
    basis: str
    cycle_years: int
    scope: str
    most_people: int
    round_title: str
    rules: RoundRules

    def rules_for(self, year: int) -> RoundRules:
        """Return the rules of a round in a year; the dates stand on the same days."""
        return moved_by_years(self.rules, year - MODEL_YEAR)


def shipped_programmes() -> Mapping[str, ShippedProgramme]:
    """Return the programmes that ship, by their codes."""
    rows: tuple[dict[str, Any], ...] = (MASTERS, EXPERTS, ACHIEVEMENT, CHIEF, SENIOR)
    found = [ShippedProgramme.model_validate(row) for row in rows]
    return {one.code: one for one in found}
