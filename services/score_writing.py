"""Computed results as text: a table, CSV or JSON; and the chain of reasons of one entry."""

import csv
import io
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.data import plain
from rules.exact import rounded
from rules.explanations import Explanation, Step, explain
from rules.outcomes import Outcome
from rules.tables import Delegation
from services.score_files import visible
from services.score_marks import MarkTable
from services.workbooks_csv import guarded

PLACES = 6


def shown(value: Decimal | Fraction | int | None) -> str:
    """Write an exact number; one that never ends is cut after six places, with its fraction."""
    if value is None:
        return ""
    if isinstance(value, Decimal | int):
        return plain(Decimal(value))
    cut = rounded(value.as_integer_ratio(), PLACES, "half_up")
    if Fraction(cut) == value:
        return plain(cut)
    return f"{cut} ({value.numerator}/{value.denominator})"


def rows(outcome: Outcome, table: MarkTable) -> list[dict[str, Any]]:
    """Return one row an entry, in the order of the places."""
    found = []
    for place in outcome.places:
        entry = place.entry_id
        score, award = outcome.scores.get(entry), outcome.awards.get(entry)
        parts = {} if score is None else score.parts
        row: dict[str, Any] = {
            "rank": place.rank,
            "award_rank": place.award_rank,
            "entry": table.entries[entry],
            "status": outcome.statuses[entry].value,
            "total": None if score is None else str(score.total),
            "passed": None if score is None else score.passed,
            "shared": place.shared,
            "tie_break": place.tie_break,
        }
        for part in outcome.scheme.parts:
            row[part.key] = str(parts[part.key].score) if part.key in parts else None
        for stage in outcome.scheme.stages:
            total = None if score is None else score.stages.get(stage.key)
            row[f"stage:{stage.key}"] = None if total is None else str(total)
        if outcome.scale:
            row["scale"] = outcome.scale.get(entry)
        row["award"] = None if award is None else award.tier.key
        row["amount"] = None if award is None else plain(award.amount)
        found.append(row)
    return found


def as_csv(found: Sequence[dict[str, Any]]) -> str:
    """Write rows as CSV that a spreadsheet cannot take for formulas."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(found[0] if found else ["rank", "entry", "total"])
    for row in found:
        writer.writerow([_safe(value) for value in row.values()])
    return target.getvalue()


def _safe(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    return guarded(value)


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?( \(-?[0-9]+/[0-9]+\))?")


def as_table(found: Sequence[dict[str, Any]]) -> str:
    """Write rows as a table for the eye."""
    if not found:
        return ""
    cells = [[*found[0]], *([_plain_text(v) for v in row.values()] for row in found)]
    used = [i for i, name in enumerate(cells[0]) if name == "rank" or any(r[i] for r in cells[1:])]
    widths = {i: max(len(row[i]) for row in cells) for i in used}
    lines = ["  ".join(row[i].ljust(widths[i]) for i in used).rstrip() for row in cells]
    return "\n".join(lines) + "\n"


def _plain_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else visible(str(value))


def team_rows(outcome: Outcome, table: MarkTable) -> list[dict[str, Any]]:
    """Return one row a team, in the order of the places."""
    return [
        {
            "rank": team.rank,
            "team": team.team,
            "total": str(team.total),
            "time": str(team.time),
            "counted": [table.entries[entry] for entry in team.counted],
        }
        for team in outcome.teams
    ]


def delegation_rows(found: Sequence[Delegation]) -> list[dict[str, Any]]:
    """Return one row a delegation, in the order of the names, with its rank in each report."""
    return [
        {
            "delegation": row.name,
            "points": shown(row.points),
            "average_points": shown(row.average_points),
            "scale": shown(row.scale),
            "average_scale": shown(row.average_scale),
            "best_scale": row.best_scale,
            "tiers": dict(row.tiers),
            "ranks": dict(row.ranks),
        }
        for row in found
    ]


def flat(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Spread what lies inside rows over columns of their own, for a table or CSV."""
    names = [*dict.fromkeys(name for row in found for name in _spread(row))]
    return [{name: _spread(row).get(name) for name in names} for row in found]


def _spread(row: dict[str, Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells |= {f"{name.removesuffix('s')}:{key}": inside for key, inside in value.items()}
        else:
            cells[name] = "; ".join(value) if isinstance(value, list) else value
    return cells


def as_json(outcome: Outcome, table: MarkTable) -> str:
    """Write results, teams and delegations as JSON; numbers are texts, so that none is bent."""
    data = {
        "scheme": outcome.scheme.title,
        "digest": outcome.scheme.digest(),
        "field_size": outcome.field_size,
        "results": rows(outcome, table),
        "teams": team_rows(outcome, table),
        "delegations": delegation_rows(outcome.delegations),
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def explained(outcome: Outcome, table: MarkTable, entry: int) -> Explanation:
    """Return the chain of one entry."""
    return explain(outcome, entry)


def explanation_rows(explanation: Explanation, table: MarkTable) -> list[dict[str, Any]]:
    """Return one row a step."""
    return [_step(step, table) for step in explanation.steps]


def _step(step: Step, table: MarkTable) -> dict[str, Any]:
    judge = "" if step.judge is None else table.judges.get(step.judge, str(step.judge))
    return {
        "step": step.kind,
        "node": step.node,
        "title": step.title,
        "judge": judge,
        "given": shown(step.given),
        "value": shown(step.value),
        "note": step.note,
    }
