"""Command: flask --app app score SCHEME MARKS computes from files, without a database."""

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click

from rules.decisions import Decision, Undecided
from rules.marking import WHOLE, Calculator, IncompleteMarks
from rules.outcomes import Outcome, outcome, within_budget
from rules.refusals import Refused
from rules.tables import DelegationRule, delegation_table
from services import score_writing
from services.score_decisions import read_decisions
from services.score_delegations import read_finishes
from services.score_files import BadFile, read_regulations, visible
from services.score_marks import MarkTable, read_marks
from services.score_people import read_contestants
from services.score_running import without_collector

BAD_INPUT = 2
_PATH = click.Path(path_type=Path)


@click.command("score")
@click.argument("scheme", type=_PATH)
@click.argument("marks", type=_PATH)
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
@click.option(
    "--table",
    "wanted",
    type=click.Choice(["results", "teams", "delegations"]),
    help="Only this table; CSV is the results unless it says otherwise.",
)
@click.option("--explain", "entry", help="Say how this entry came to its result.")
@click.option("--entries", type=_PATH, help="CSV: entry, name, team, delegation.")
@click.option("--decisions", type=_PATH, help="JSON or YAML: recorded decisions about ties.")
def score(
    scheme: Path,
    marks: Path,
    form: str,
    wanted: str | None,
    entry: str | None,
    entries: Path | None,
    decisions: Path | None,
) -> None:
    """Compute results from a SCHEME file (JSON or YAML) and a MARKS file (CSV)."""
    try:
        regulations = read_regulations(scheme)
        table = read_marks(marks, regulations.scheme)
        people = read_contestants(entries, table) if entries else {}
        decided: list[Decision] = read_decisions(decisions, table, regulations) if decisions else []
        with without_collector():
            plan = regulations.plan
            found = outcome(regulations.scheme, plan, table.starters, decided, people)
            (awards,) = within_budget(plan.awards, [found])
            found = replace(found, awards={award.entry_id: award for award in awards})
    except BadFile as bad:
        _stop(map(str, bad.problems))
    except IncompleteMarks as incomplete:
        _stop(_places(marks, table, incomplete))
    except Undecided as undecided:
        named = [[table.entries[number] for number in group] for group in undecided.groups]
        groups = "; ".join(", ".join(group) for group in named)
        where = f"{undecided.about}: " if undecided.about else ""
        _stop([f"{marks}: {where}{undecided.message % {'entries': groups}} ({undecided.kind})"])
    except Refused as refused:
        _stop([f"{scheme}: {refused}"])
    for line in _spreads(found, table, marks):
        click.echo(line, err=True)
    if entry is not None:
        click.echo(_explained(found, table, form, entry, marks), nl=False)
    elif wanted is None and form == "json":
        click.echo(score_writing.as_json(found, table), nl=False)
    else:
        click.echo(_tables(found, table, form, wanted), nl=False)


@click.command("delegations")
@click.argument("scheme", type=_PATH)
@click.argument("finishes", type=_PATH)
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
def delegations(scheme: Path, finishes: Path, form: str) -> None:
    """Rank delegations over several events by the rule of a SCHEME file.

    FINISHES is a CSV: event, delegation, entry, and where known rank, award, scale.
    """
    try:
        plan = read_regulations(scheme).plan
        table = delegation_table(
            plan.delegations or DelegationRule(), read_finishes(finishes, plan)
        )
    except BadFile as bad:
        _stop(map(str, bad.problems))
    except Refused as refused:
        _stop([f"{scheme}: {refused}"])
    click.echo(_formed(score_writing.delegation_rows(table), form), nl=False)


def _formed(rows: list[dict[str, Any]], form: str) -> str:
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    flat = score_writing.flat(rows)
    return score_writing.as_csv(flat) if form == "csv" else score_writing.as_table(flat)


def _tables(found: Outcome, table: MarkTable, form: str, wanted: str | None) -> str:
    every = {
        "results": score_writing.rows(found, table),
        "teams": score_writing.team_rows(found, table),
        "delegations": score_writing.delegation_rows(found.delegations),
    }
    if form != "table":
        return _formed(every[wanted or "results"], form)
    shown = [every[wanted]] if wanted else every.values()
    return "\n".join(score_writing.as_table(score_writing.flat(rows)) for rows in shown if rows)


def _explained(found: Outcome, table: MarkTable, form: str, entry: str, marks: Path) -> str:
    number = table.entry(entry)
    if number is None:
        _stop([visible(f"{marks}: there is no entry {entry}.")])
    explanation = score_writing.explained(found, table, number)
    rows = score_writing.explanation_rows(explanation, table)
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    return score_writing.as_csv(rows) if form == "csv" else score_writing.as_table(rows)


def _spreads(found: Outcome, table: MarkTable, marks: Path) -> Iterable[str]:
    """Say where judges are further apart than their panel should be; the results stand."""
    calculator = Calculator(found.scheme)
    for entry, starter in found.starters.items():
        sheets = [(key, s) for key, s in starter.marks.items() if key != WHOLE]
        for alert in (one for key, s in sheets for one in calculator.spreads(key, s)):
            where = alert.aspect or alert.part
            text = f"the judges differ by {alert.spread}, from {alert.lowest} to {alert.highest}."
            line, name = table.lines.get(entry, 1), table.entries[entry]
            yield visible(f"{marks}:{line}:1: {name}: {where}: {text}")


def _places(marks: Path, table: MarkTable, incomplete: IncompleteMarks) -> Iterable[str]:
    for number, problems in incomplete.by_entry.items():
        line = table.lines.get(number or 0, 1)
        name = table.entries.get(number or 0, "")
        for problem in problems:
            node = f"{problem.field}: " if problem.field else ""
            yield f"{marks}:{line}:1: {name}: {node}{problem}"


def _stop(lines: Iterable[str]) -> NoReturn:
    for line in lines:
        click.echo(visible(line), err=True)
    sys.exit(BAD_INPUT)
