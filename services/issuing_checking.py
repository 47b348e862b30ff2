"""What stands in the way of the certificates of a run, person by person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select

from models.database import db
from models.issuing import IssueLine, IssueRun
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import CertificateLayout
from rules.certificate_preflight import obstacles_by_draft
from rules.refusals import Refused
from rules.states import LineState
from rules.texts import N_
from services import certificates_layouts
from services.acting import Actor
from services.certificates_issuing import FINDERS, Say, drafts_of, known_of, sealed_for
from services.certificates_papers import Due
from services.certificates_winners import honours

HONOUR = CertificateKind.HONOUR
GONE = N_("What it was for is gone: the results were replaced, or the event is not final any more.")
HELD = N_("An appeal or objection waits for its answer.")
CERTIFIED = N_("There is a certificate for this award already.")
UNISSUED = (LineState.WAITING, LineState.BLOCKED)
_NAMED = N_("%(name)s, %(event)s: %(problem)s")


@dataclass
class Seen:
    """A line of a run as it stands now: its award, and all that keeps it from being issued."""

    line: IssueLine
    due: Due | None = None
    problems: list[Refused] = field(default_factory=list)


def candidates(contest_id: int, kind: CertificateKind, event_ids: Sequence[int] = ()) -> list[Due]:
    """List all papers of a kind that were never issued; of honours those held back too."""
    known = known_of(contest_id, kind)
    found = honours(contest_id, held=True) if kind is HONOUR else FINDERS[kind](contest_id, None)
    return [
        one
        for one in found
        if one.key not in known and (not event_ids or (one.event and one.event.id in event_ids))
    ]


class Waiting(NamedTuple):
    """An event and how many of its papers were never issued."""

    event_id: int
    title: str
    number: int


def count_by_event(contest_id: int, kind: CertificateKind) -> list[Waiting]:
    """Count the papers that were never issued, event by event."""
    counted = Counter(one.event for one in candidates(contest_id, kind) if one.event)
    return [Waiting(event.id, event.title, number) for event, number in counted.items()]


def look(by: Actor, run: IssueRun, say: Say, most: int | None = None) -> list[Seen]:
    """Look at the first lines that are to be issued, as they stand now; nothing is changed."""
    waiting = select(IssueLine).where(IssueLine.run_id == run.id, IssueLine.state.in_(UNISSUED))
    lines = db.session.scalars(waiting.order_by(IssueLine.position).limit(most)).all()
    seen = _standing(run, lines)
    _set_texts(by, certificates_layouts.stored_layout(run.layout), seen, say)
    return seen


def due_of_line(run: IssueRun, line: IssueLine) -> Due | None:
    """Return what a line of a run is for, as it stands now; None when it is gone."""
    return _standing(run, [line])[0].due


def _standing(run: IssueRun, lines: Sequence[IssueLine]) -> list[Seen]:
    """Look up what each line is for, and whether something holds it back."""
    keys = {tuple(line.source) for line in lines}
    known = known_of(run.contest_id, run.kind, keys)
    free = {one.key: one for one in FINDERS[run.kind](run.contest_id, keys)}
    found = free
    if run.kind is HONOUR:
        found = {one.key: one for one in honours(run.contest_id, keys, held=True)}
    seen = []
    for line in lines:
        key = tuple(line.source)
        due = found.get(key)
        problem = GONE if due is None else HELD if key not in free else None
        said = [text for text in (problem, CERTIFIED if key in known else None) if text]
        seen.append(Seen(line, due, [_named(line, text) for text in said]))
    return seen


def _named(line: IssueLine, text: str) -> Refused:
    return Refused(_NAMED, name=line.name, event=line.title, problem=Refused(text))


def _set_texts(by: Actor, layout: CertificateLayout, seen: Sequence[Seen], say: Say) -> None:
    """Add what a font or the room does not allow, and papers that somebody would get twice.

    A seal that is missing is missing for all: it is refused at once.
    """
    there = [(one, one.due) for one in seen if one.due is not None]
    due = [each for _, each in there]
    missing = sealed_for(by, due, layout).missing
    if missing is not None:
        raise missing
    for position, problem in obstacles_by_draft(drafts_of(by, due, layout, say)):
        there[position][0].problems.append(problem)


def kept(problem: Refused) -> dict[str, Any]:
    """Write a refusal so that it can be stored and said in any language later."""
    params = {
        key: kept(value) if isinstance(value, Refused) else value
        for key, value in problem.params.items()
    }
    return {"message": problem.message, "params": params}


def again(stored: dict[str, Any]) -> Refused:
    """Read a stored refusal."""
    params: dict[str, Any] = {
        key: again(value) if isinstance(value, dict) else value
        for key, value in stored["params"].items()
    }
    return Refused(stored["message"], **params)
