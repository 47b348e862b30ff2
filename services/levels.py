"""Lists of recommended levels: prepared, settled line by line, approved by a second person."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from models.awards import LevelGrant
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.levels import LevelLayout, LevelLine, LevelList, PersonLevel
from models.people import Person
from models.results import Revision
from rules.identity import IdKind
from rules.level_checks import (
    Known,
    LineProblem,
    Recommended,
    Settled,
    line_problems,
    settling_problem,
)
from rules.refusals import Missing, Refused
from rules.states import (
    LEVEL_LIST_MOVES,
    EventState,
    LevelListState,
    RevisionState,
    moved,
)
from rules.texts import N_
from services import appeals_holds, audits, objections_holds
from services.acting import Actor
from services.transaction import transaction

_NOTHING = N_("No level of a final event waits for a list.")
_SUPERSEDED = N_("The results behind this list were replaced. Withdraw it and prepare a new one.")
_CONTESTED = N_(
    "Appeals or objections are open about: %(names)s. Wait for the answer, or drop these lines."
)
_OPEN_LINES = N_("Settle every line that has a problem first: %(count)s are open.")
_OWN_LIST = N_("Somebody else must approve a list: you have prepared or handed it in.")


def is_final() -> tuple[Any, ...]:
    """Return the conditions under which a grant may go to the assessment body (R4.15)."""
    return (Event.state == EventState.FINAL, Revision.state == RevisionState.SIGNED)


@transaction
def prepare(by: Actor, contest_id: int, *, body: str, note: str = "") -> int:
    """Put all levels of final events that stand in no list yet into a new one, and check them.

    Who is under an open appeal is left out and comes into a later list (R3.06).
    """
    db.session.get(Contest, contest_id, with_for_update=True, populate_existing=True)
    rows = db.session.execute(_waiting(contest_id)).all()
    if not rows:
        raise Refused(_NOTHING)
    last = select(func.max(LevelList.number)).where(LevelList.contest_id == contest_id)
    made = LevelList(
        contest_id=contest_id,
        number=(db.session.scalar(last) or 0) + 1,
        body=body,
        note=note,
        prepared_at=by.now,
        prepared_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    _add_lines(made, rows)
    after = {"number": made.number, "body": body, "lines": len(rows)}
    audits.record(by, "prepare", "level_list", made.id, contest_id=contest_id, after=after)
    return made.id


def _waiting(contest_id: int) -> Any:
    listed = (
        select(LevelLine.id)
        .join(LevelList, LevelList.id == LevelLine.list_id)
        .where(LevelLine.grant_id == LevelGrant.id, LevelList.state != LevelListState.WITHDRAWN)
        .exists()
    )
    return (
        select(LevelGrant, Event.occupation, Person)
        .join(Revision, Revision.id == LevelGrant.revision_id)
        .join(Entry, Entry.id == LevelGrant.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Person, Person.id == LevelGrant.person_id)
        .where(Event.contest_id == contest_id, *is_final(), ~listed)
        .where(~appeals_holds.is_contested(), ~objections_holds.is_held())
        .order_by(Event.position, Event.id, LevelGrant.level, LevelGrant.id)
    )


def waiting_count(contest_id: int) -> int:
    """Count the levels of final events that stand in no list yet."""
    waiting = _waiting(contest_id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(waiting)) or 0


def _add_lines(made: LevelList, rows: Sequence[tuple[LevelGrant, str, Person]]) -> None:
    lines = [
        Recommended(
            grant.id,
            person.id,
            occupation,
            grant.level,
            person.held_level,
            person.id_kind == IdKind.RESIDENT,
        )
        for grant, occupation, person in rows
    ]
    found = line_problems(lines, _known({one.person_id for one in lines}))
    for one in lines:
        problems = found.get(one.line, [])
        # What stands elsewhere already could not stand here too: the database holds it off.
        blocked = bool({LineProblem.UNDER_WAY, LineProblem.HELD, LineProblem.TWICE} & {*problems})
        db.session.add(
            LevelLine(
                list_id=made.id,
                grant_id=one.line,
                person_id=one.person_id,
                occupation=one.occupation,
                level=one.level,
                problems=[problem.value for problem in problems],
                has_problem=bool(problems),
                active=not blocked,
            )
        )
    db.session.flush()


def _known(people: Iterable[int]) -> Known:
    people = {*people}
    held = _best(PersonLevel.person_id, PersonLevel.occupation, PersonLevel.level)
    way = _best(LevelLine.person_id, LevelLine.occupation, LevelLine.level, LevelLine.active)
    return Known(
        {key: level for key, level in held.items() if key[0] in people},
        {key: level for key, level in way.items() if key[0] in people},
    )


def _best(person: Any, occupation: Any, level: Any, *where: Any) -> dict[tuple[int, str], int]:
    query = select(person, occupation, func.min(level)).where(*where)
    rows = db.session.execute(query.group_by(person, occupation))
    return {(row[0], row[1]): row[2] for row in rows}


@transaction
def settle(by: Actor, line_id: int, *, settled: Settled, reason: str) -> int:
    """Decide about a line: keep it in spite of a problem, or drop it, with a reason."""
    line = _locked_line(line_id)
    problems = [LineProblem(one) for one in line.problems]
    if (refusal := settling_problem(problems, settled)) is not None:
        raise refusal
    before = {"settled": line.settled, "active": line.active}
    line.settled, line.reason = settled, reason
    line.active = settled is Settled.KEPT
    after = {"settled": settled, "reason": reason}
    audits.record(by, "settle", "level_list", line.list_id, contest_id=line.list.contest_id,
                  before=before, after=after | {"line": line_id})  # fmt: skip
    return line.list_id


@transaction
def settle_many(by: Actor, list_id: int, *, reason: str) -> int:
    """Drop every line of a draft that can never be kept and is not settled yet."""
    found = locked_list(list_id)
    _check_draft(found)
    lines = [line for line in _open_lines(list_id) if _never_kept(line)]
    for line in lines:
        line.settled, line.reason, line.active = Settled.DROPPED, reason, False
    after = {"settled": Settled.DROPPED, "reason": reason, "lines": [line.id for line in lines]}
    audits.record(by, "settle", "level_list", list_id, contest_id=found.contest_id, after=after)
    return list_id


def _never_kept(line: LevelLine) -> bool:
    problems = [LineProblem(one) for one in line.problems]
    return settling_problem(problems, Settled.KEPT) is not None


def _open_lines(list_id: int) -> list[LevelLine]:
    query = select(LevelLine).where(
        LevelLine.list_id == list_id, LevelLine.has_problem, LevelLine.settled.is_(None)
    )
    return list(db.session.scalars(query.order_by(LevelLine.id)))


def _check_draft(found: LevelList) -> None:
    if found.state is not LevelListState.DRAFT:
        raise Refused(N_("Only a draft can be changed; send the list back first."))


def _locked_line(line_id: int) -> LevelLine:
    line = db.session.get(LevelLine, line_id)
    if line is None:
        raise Missing(line_id)
    _check_draft(locked_list(line.list_id))
    db.session.refresh(line)
    return line


def locked_list(list_id: int) -> LevelList:
    """Part: lock a list; raise Missing."""
    found = db.session.get(LevelList, list_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(list_id)
    return found


@transaction
def submit(by: Actor, list_id: int) -> int:
    """Hand a list in for approval once every problem is settled."""
    found = locked_list(list_id)
    if (count := len(_open_lines(list_id))) > 0:
        raise Refused(_OPEN_LINES, count=count)
    check_standing(found)
    found.submitted_at, found.submitted_by_id = by.now, by.account_id
    _move(by, found, LevelListState.SUBMITTED, "submit")
    return list_id


@transaction
def send_back(by: Actor, list_id: int, *, reason: str) -> int:
    """Give a list back to those who prepared it."""
    found = locked_list(list_id)
    _move(by, found, LevelListState.DRAFT, "send_back", {"reason": reason})
    return list_id


@transaction
def approve(by: Actor, list_id: int) -> int:
    """Approve a list (核准, R4.15); who prepared or handed it in cannot."""
    found = locked_list(list_id)
    if by.account_id in (found.prepared_by_id, found.submitted_by_id):
        raise Refused(_OWN_LIST)
    check_standing(found)
    found.approved_at, found.approved_by_id = by.now, by.account_id
    found.digest = digest_of(found)
    _move(by, found, LevelListState.APPROVED, "approve", {"digest": found.digest})
    return list_id


@transaction
def withdraw(by: Actor, list_id: int, *, reason: str) -> int:
    """Withdraw a list, so that its lines can stand in another one; returned numbers stay."""
    found = locked_list(list_id)
    certified = select(PersonLevel.id).join(LevelLine).where(LevelLine.list_id == list_id)
    if db.session.execute(certified.limit(1)).first() is not None:
        raise Refused(N_("Certificates were issued from this list; undo their numbers first."))
    db.session.execute(update(LevelLine).where(LevelLine.list_id == list_id).values(active=False))
    _move(by, found, LevelListState.WITHDRAWN, "withdraw", {"reason": reason})
    return list_id


def _move(
    by: Actor,
    found: LevelList,
    state: LevelListState,
    action: str,
    more: Mapping[str, object] | None = None,
) -> None:
    before = {"state": found.state}
    found.state = moved(LEVEL_LIST_MOVES, found.state, state)
    after = {"state": state, **(more or {})}
    audits.record(by, action, "level_list", found.id, contest_id=found.contest_id,
                  before=before, after=after)  # fmt: skip


def check_standing(found: LevelList) -> None:
    """Refuse a list whose results were replaced, or whose people have an open appeal."""
    if is_superseded(found.id):
        raise Refused(_SUPERSEDED)
    query = (
        select(Person.name)
        .join(LevelLine, LevelLine.person_id == Person.id)
        .join(LevelGrant, LevelGrant.id == LevelLine.grant_id)
        .join(Entry, Entry.id == LevelGrant.entry_id)
        .where(LevelLine.list_id == found.id, LevelLine.active)
        .where(appeals_holds.is_contested() | objections_holds.is_held())
        .order_by(Person.name)
    )
    names = db.session.scalars(query).all()
    if names:
        raise Refused(_CONTESTED, names="、".join(names))


def is_superseded(list_id: int) -> bool:
    """Say whether the results behind an active line of a list were replaced since."""
    query = (
        select(LevelLine.id)
        .join(LevelGrant, LevelGrant.id == LevelLine.grant_id)
        .join(Revision, Revision.id == LevelGrant.revision_id)
        .where(LevelLine.list_id == list_id, LevelLine.active)
        .where(Revision.state != RevisionState.SIGNED)
    )
    return db.session.execute(query.limit(1)).first() is not None


def digest_of(found: LevelList) -> str:
    """Return the SHA-256 of what a list says: who, which occupation, which level, from where."""
    query = (
        select(LevelLine.person_id, LevelLine.occupation, LevelLine.level, LevelGrant.revision_id)
        .join(LevelGrant, LevelGrant.id == LevelLine.grant_id)
        .where(LevelLine.list_id == found.id, LevelLine.active)
        .order_by(LevelLine.id)
    )
    facts = [found.number, found.body, *(list(row) for row in db.session.execute(query))]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def get_list(list_id: int) -> LevelList:
    """Return a list; raise Missing."""
    found = db.session.get(LevelList, list_id)
    if found is None:
        raise Missing(list_id)
    return found


def get_layout(layout_id: int) -> LevelLayout:
    """Return a layout; raise Missing."""
    found = db.session.get(LevelLayout, layout_id)
    if found is None:
        raise Missing(layout_id)
    return found


def get_line(line_id: int) -> LevelLine:
    """Return a line with its list and person; raise Missing."""
    query = select(LevelLine).options(joinedload(LevelLine.list), joinedload(LevelLine.person))
    found = db.session.scalar(query.where(LevelLine.id == line_id))
    if found is None:
        raise Missing(line_id)
    return found
