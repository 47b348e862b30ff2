"""What stands in the way of the certificates of a run, person by person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import func, select

from models.awards import Award
from models.contests import Contest, Event
from models.database import db
from models.issuing import IssueLine, IssueRun
from rules.certificate_layouts import CertificateLayout
from rules.certificate_preflight import Draft, obstacles_by_draft
from rules.refusals import Refused
from rules.states import CertificateState, LineState
from rules.texts import N_
from services import appeals_holds, certificates_layouts, objections_holds
from services.acting import Actor
from services.certificates_issuing import Due, Say, facts_of, facts_query, has_certificate
from services.certificates_numbers import NUMBER_LENGTH

GONE = N_("The award is gone: the results were replaced, or the event is not final any more.")
CONTESTED = N_("An appeal waits for its answer.")
HELD = N_("An objection waits for its answer.")
CERTIFIED = N_("There is a certificate for this award already.")
UNISSUED = (LineState.WAITING, LineState.BLOCKED)
_NAMED = N_("%(name)s, %(event)s: %(problem)s")


@dataclass
class Seen:
    """A line of a run as it stands now: its award, and all that keeps it from being issued."""

    line: IssueLine
    due: Due | None = None
    problems: list[Refused] = field(default_factory=list)


def candidates(contest_id: int, event_ids: Sequence[int] = ()) -> list[Due]:
    """List all awards without a certificate, those that are held back too."""
    query = facts_query().where(Contest.id == contest_id, ~has_certificate())
    if event_ids:
        query = query.where(Event.id.in_(event_ids))
    return [Due(*row) for row in db.session.execute(query)]


class Waiting(NamedTuple):
    """An event and how many of its awards have no certificate."""

    event_id: int
    title: str
    number: int


def count_by_event(contest_id: int) -> list[Waiting]:
    """Count, event by event, the awards that have no certificate, held ones too."""
    inner = facts_query().where(Contest.id == contest_id, ~has_certificate()).order_by(None)
    found = inner.with_only_columns(Event.id, Event.title, Event.position).subquery()
    key, title, position = found.c
    query = select(key, title, func.count()).group_by(key, title, position).order_by(position, key)
    return [Waiting(*row) for row in db.session.execute(query)]


def source_of(due: Due) -> dict[str, int]:
    """Return what a certificate is for, as the columns that name it."""
    return {"award_id": due.award.id, "person_id": due.person.id}


def look(by: Actor, run: IssueRun, say: Say, most: int | None = None) -> list[Seen]:
    """Look at the first lines that are to be issued, as they stand now; nothing is changed."""
    waiting = select(IssueLine).where(IssueLine.run_id == run.id, IssueLine.state.in_(UNISSUED))
    lines = db.session.scalars(waiting.order_by(IssueLine.position).limit(most)).all()
    standing = _standing(lines)
    seen = [_seen(line, standing.get(_key(line.source))) for line in lines]
    _set_texts(by, certificates_layouts.stored_layout(run.layout), seen, say)
    return seen


def due_of_line(line: IssueLine) -> Due | None:
    """Return what a line of a run is for, as it stands now; None when it is gone."""
    row = _standing([line]).get(_key(line.source))
    return None if row is None else Due(*row[:6])


def _key(source: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(source.items()))


def _standing(lines: Sequence[IssueLine]) -> dict[tuple[tuple[str, int], ...], Any]:
    """Look up the award of each line, and whether something holds it back, in one statement."""
    query = facts_query().add_columns(
        appeals_holds.is_contested(),
        objections_holds.is_held(),
        has_certificate(CertificateState.ISSUED, CertificateState.REVOKED),
    )
    awards = {line.source["award_id"] for line in lines}
    rows = db.session.execute(query.where(Award.id.in_(awards)))
    return {_key(source_of(Due(*row[:6]))): row for row in rows}


def _seen(line: IssueLine, row: Any) -> Seen:
    if row is None:
        return Seen(line, None, [Refused(GONE)])
    due, flags = Due(*row[:6]), row[6:]
    said = zip(flags, (CONTESTED, HELD, CERTIFIED), strict=True)
    facts = {"name": due.person.name, "event": due.event.title}
    found = [Refused(_NAMED, **facts, problem=Refused(text)) for flag, text in said if flag]
    return Seen(line, due, found)


def _set_texts(by: Actor, layout: CertificateLayout, seen: Sequence[Seen], say: Say) -> None:
    """Add what a font or the room does not allow, and papers that somebody would get twice."""
    longest = "0" * NUMBER_LENGTH
    there = [(one, one.due) for one in seen if one.due is not None]
    drafts = []
    for _, due in there:
        facts = facts_of(by, due, longest, layout, say)
        problems = certificates_layouts.problems_of(layout, facts)
        drafts.append(Draft(due.person.id, facts, problems))
    for position, problem in obstacles_by_draft(drafts):
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
