"""What if this mark were another: one mark of a dry run, checked like any mark."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select

from models.database import db
from models.entries import Entry
from models.results import Result, Revision
from rules.awarding import mark_problem
from rules.marks import JudgeMarks
from rules.refusals import Missing, Refused
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


def known_marks(revision: Revision) -> list[KnownMark]:
    """List the kinds of marks that the results of a revision were computed from."""
    query = select(Result.inputs).where(Result.revision_id == revision.id)
    found: dict[KnownMark, None] = {}
    for (inputs,) in db.session.execute(query):
        for part, sheets in (inputs or {}).get("marks", {}).items():
            for judge, marks in sheets.items():
                found |= dict.fromkeys(KnownMark(part, int(judge), key) for key in marks)
    return list(found)


def mark_of(revision: Revision, code: str, mark: KnownMark) -> Decimal | None:
    """Return a mark that a revision was computed from; raise Missing for a strange code."""
    query = select(Result.inputs).join(Entry, Entry.id == Result.entry_id)
    inputs = db.session.scalar(query.where(Result.revision_id == revision.id, Entry.code == code))
    if inputs is None:
        raise Missing(code)
    text = inputs["marks"].get(mark.part, {}).get(str(mark.judge), {}).get(mark.aspect)
    return None if text is None else Decimal(text)
