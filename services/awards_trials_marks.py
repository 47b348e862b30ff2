"""What if this mark were another: one mark of a dry run, checked like any mark."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rules.awarding import mark_problem
from rules.marks import JudgeMarks
from rules.refusals import Refused
from rules.schemes import Scheme
from rules.stages import Starter
from rules.texts import N_
from services.results_computing import Field


@dataclass(frozen=True)
class MarkChange:
    """One mark thought to be another: whose, in which part, of which judge and aspect."""

    code: str
    part: str
    judge: int
    aspect: str
    value: Decimal


def changed(fields: Sequence[Field], change: MarkChange, scheme: Scheme) -> Iterator[Field]:
    """Yield the fields with another mark in the place of one; refuse what cannot be one."""
    _check_mark(change, scheme)
    done = False
    for field in fields:
        starters = list(field.starters)
        for place, starter in enumerate(starters):
            if field.codes[starter.entry_id] == change.code:
                starters[place], done = _with_mark(starter, change), True
        yield field._replace(starters=starters)
    if not done:
        raise Refused(N_("No work has this code."), field="what_code")


def _check_mark(change: MarkChange, scheme: Scheme) -> None:
    aspects = (a for part in scheme.parts for a in part.aspects if part.key == change.part)
    aspect = next((one for one in aspects if one.key == change.aspect), None)
    problem = None if aspect is None else mark_problem(aspect, change.value)
    if problem is not None:
        raise Refused(problem.message, "what_value", **problem.params)


def _with_mark(starter: Starter, change: MarkChange) -> Starter:
    marks: dict[str, list[JudgeMarks]] = {k: list(v) for k, v in starter.marks.items()}
    for place, sheet in enumerate(marks.get(change.part, ())):
        if sheet.judge == change.judge and change.aspect in sheet.marks:
            changed = {**sheet.marks, change.aspect: change.value}
            marks[change.part][place] = JudgeMarks(sheet.judge, changed)
            return replace(starter, marks=marks)
    raise Refused(N_("This judge gave the work no such mark."), field="what_mark")


@dataclass(frozen=True)
class KnownMark:
    """A kind of mark that a revision keeps: its part, judge and aspect."""

    part: str
    judge: int
    aspect: str


def known_marks(fields: Sequence[Field]) -> list[KnownMark]:
    """List the kinds of marks that results were computed from."""
    return list(
        dict.fromkeys(
            KnownMark(part, sheet.judge, aspect)
            for field in fields
            for starter in field.starters
            for part, sheets in starter.marks.items()
            for sheet in sheets
            for aspect in sheet.marks
        )
    )


def mark_before(fields: Sequence[Field], change: MarkChange | None) -> Decimal | None:
    """Return what a changed mark was."""
    if change is None:
        return None
    for field in fields:
        for starter in field.starters:
            if field.codes[starter.entry_id] == change.code:
                sheets = starter.marks.get(change.part, ())
                found = [
                    one.marks.get(change.aspect) for one in sheets if one.judge == change.judge
                ]
                return found[0] if found else None
    return None
