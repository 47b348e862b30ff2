"""The judge pool: who can be called, with what qualification, and who is barred (R1.11, R2.36)."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account, RoleGrant
from models.contests import Contest, Event
from models.database import db
from models.judges import Judge
from models.judging import PanelSeat
from models.people import Employer
from rules.access import Role
from rules.judges import JudgeKind, SeatAnswer, SeatDuty, TitleGrade, is_qualified
from rules.people import LEVELS
from rules.refusals import Missing, Refused
from rules.seats import place_of
from rules.states import EventState
from rules.texts import N_
from services import audits, contests
from services.acting import Actor
from services.pages import PAGE_SIZE, Page, ordered, page_of
from services.people_employers import find_employers, title_key
from services.transaction import transaction

LONGEST_REMARK = 400
MOST_OCCUPATIONS = 20
LONGEST_OCCUPATION = 40
WHO = joinedload(Judge.account).options(
    load_only(Account.title, Account.username, Account.employer_id, Account.person_id),
    lazyload(Account.grants),
    joinedload(Account.employer).load_only(Employer.title),
)
_OPTIONS = (WHO, joinedload(Judge.employer).load_only(Employer.title))


@dataclass(frozen=True)
class PoolFacts:
    """What somebody typed about a judge."""

    employer: str = ""
    grade: TitleGrade = TitleGrade.NONE
    held_level: int | None = None
    licence: str = ""
    kinds: tuple[JudgeKind, ...] = (JudgeKind.SCORING,)
    occupations: tuple[str, ...] = ()
    remark: str = ""
    barred_until: date | None = None
    bar_reason: str = ""


@dataclass(frozen=True)
class JudgeQuery:
    """What a list of judges is filtered and sorted by."""

    q: str = ""
    kind: JudgeKind | None = None
    occupation: str = ""
    standing: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = PAGE_SIZE


@dataclass(frozen=True)
class PastSeat:
    """A seat that somebody had or has."""

    year: int
    contest_title: str
    event_id: int
    event_title: str
    part_title: str
    duty: SeatDuty
    answer: SeatAnswer


def list_judges(asked: JudgeQuery, within: frozenset[int] | None, today: date) -> Page[Judge]:
    """List the pool, or the part of it that may judge in some contests."""
    query = select(Judge).options(*_OPTIONS).join(Account, Account.id == Judge.account_id)
    query = query.outerjoin(Employer, Employer.id == _EMPLOYER).where(_reaches(within))
    for condition in _conditions(asked, today):
        query = query.where(condition)
    columns = {"name": Account.title, "employer": Employer.title, "barred": Judge.barred_until}
    sorted_by = asked.sort if asked.sort in columns else "name"
    query = ordered(query, columns, sorted_by, asked.descending, Judge.id)
    return page_of(query, asked.page, asked.size)


_EMPLOYER = func.coalesce(Judge.employer_id, Account.employer_id)


def _conditions(asked: JudgeQuery, today: date) -> Iterable[ColumnElement[bool]]:
    if asked.q:
        columns = (Account.title, Account.username, Employer.title, Judge.licence)
        yield or_(*(one.icontains(asked.q, autoescape=True) for one in columns))
    if asked.kind is not None:
        yield _holds(Judge.kinds, asked.kind.value)
    if asked.occupation:
        yield _holds(Judge.occupations, asked.occupation)
    if asked.standing == "barred":
        yield Judge.barred_until >= today
    elif asked.standing == "free":
        yield or_(Judge.barred_until.is_(None), Judge.barred_until < today)


def _holds(column: Any, value: str) -> ColumnElement[bool]:
    """Say of a stored list of texts that it holds this one; it is kept as it was written."""
    return cast(column, String).contains(json.dumps(value), autoescape=True)


def _reaches(within: frozenset[int] | None) -> ColumnElement[bool]:
    """Say of an account that it may judge in one of these contests; None asks for no contest."""
    if within is None:
        return Account.id.is_not(None)
    scope = or_(RoleGrant.contest_id.is_(None), RoleGrant.contest_id.in_(within))
    judges = (Role.JUDGE, Role.ENTRY_CLERK)
    return exists().where(RoleGrant.account_id == Account.id, RoleGrant.role.in_(judges), scope)


def list_occupations() -> list[str]:
    """List the occupations that judges of the pool name."""
    found = db.session.scalars(select(Judge.occupations))
    return sorted({one for occupations in found for one in occupations})


def count_seats(account_ids: Collection[int]) -> dict[int, int]:
    """Count the panels on which some accounts marked or will mark."""
    query = (
        select(PanelSeat.account_id, func.count())
        .join(Event, Event.id == PanelSeat.event_id)
        .where(PanelSeat.account_id.in_(account_ids), PanelSeat.duty == SeatDuty.MEMBER)
        .where(PanelSeat.answer != SeatAnswer.DECLINED, Event.state != EventState.CANCELLED)
        .group_by(PanelSeat.account_id)
    )
    return {account_id: count for account_id, count in db.session.execute(query)}


def list_experience(account_id: int) -> list[PastSeat]:
    """List the seats of an account, the latest first."""
    query = (
        select(
            Contest.year,
            Contest.title,
            Event.id,
            Event.title,
            Event.scheme,
            PanelSeat.part,
            PanelSeat.duty,
            PanelSeat.answer,
        )
        .join(Event, Event.id == PanelSeat.event_id)
        .join(Contest, Contest.id == Event.contest_id)
        .where(PanelSeat.account_id == account_id, Event.state != EventState.CANCELLED)
        .order_by(Contest.year.desc(), Contest.starts_on.desc(), Event.id.desc(), PanelSeat.id)
    )
    return [
        PastSeat(year, contest, event_id, event, place_of(scheme, part)[0], duty, answer)
        for year, contest, event_id, event, scheme, part, duty, answer in db.session.execute(query)
    ]


def get_judge(judge_id: int) -> Judge:
    """Return a judge of the pool with the account; raise Missing."""
    judge = db.session.scalar(select(Judge).options(*_OPTIONS).where(Judge.id == judge_id))
    if judge is None:
        raise Missing(judge_id)
    return judge


def find_judges(account_ids: Collection[int]) -> dict[int, Judge]:
    """Return the pool's knowledge of some accounts, by account."""
    query = select(Judge).options(*_OPTIONS).where(Judge.account_id.in_(account_ids))
    return {judge.account_id: judge for judge in db.session.scalars(query)}


def employer_of(judge: Judge) -> Employer | None:
    """Return for whom a judge works: what the pool says, otherwise what the account says."""
    return judge.employer or judge.account.employer


def list_addable(within: frozenset[int] | None) -> Sequence[tuple[int, str, str]]:
    """List id, name and user name of the judges' accounts that are not in the pool yet."""
    judges = exists().where(RoleGrant.account_id == Account.id, RoleGrant.role == Role.JUDGE)
    pooled = exists().where(Judge.account_id == Account.id)
    query = (
        select(Account.id, Account.title, Account.username)
        .where(judges, ~pooled, _reaches(within))
        .order_by(Account.title, Account.id)
    )
    return [(key, title, username) for key, title, username in db.session.execute(query)]


@transaction
def add_judge(by: Actor, account_id: int, typed: PoolFacts, within: frozenset[int] | None) -> int:
    """Take a judge's account into the pool; return the judge's id."""
    if account_id not in {key for key, _, _ in list_addable(within)}:
        raise Refused(N_("Choose one of the people in the list."), field="account_id")
    judge = Judge(account_id=account_id, created_at=by.now, **checked(typed))
    db.session.add(judge)
    db.session.flush()
    audits.record(by, "add", "judge", judge.id, after=shown(judge))
    return judge.id


@transaction
def edit_judge(by: Actor, judge_id: int, typed: PoolFacts, based_on: int | None) -> int:
    """Change what the pool knows of a judge, a bar included (R2.36)."""
    judge = db.session.get(Judge, judge_id, with_for_update=True, populate_existing=True)
    if judge is None:
        raise Missing(judge_id)
    contests.check_version(judge.version, based_on)
    before = shown(judge)
    for name, value in checked(typed).items():
        setattr(judge, name, value)
    db.session.flush()
    audits.record(by, "edit", "judge", judge.id, before=before, after=shown(judge))
    return judge.id


def checked(typed: PoolFacts, employers: Mapping[str, Employer] | None = None) -> dict[str, Any]:
    """Part: return what is stored of what was typed; refuse what cannot be.

    For many rows the employers that they name are looked up before.
    """
    occupations = [*dict.fromkeys(one.strip() for one in typed.occupations if one.strip())]
    if typed.held_level is not None and typed.held_level not in LEVELS:
        raise Refused(N_("Choose a skill level from 1 to 5, or none."), "held_level")
    if not typed.kinds:
        raise Refused(N_("Tick at least one kind of judge."), "kinds")
    if len(occupations) > MOST_OCCUPATIONS or any(
        len(one) > LONGEST_OCCUPATION for one in occupations
    ):
        raise Refused(N_("Name at most 20 occupations, each in a few words."), "occupations")
    if typed.barred_until is not None and not typed.bar_reason.strip():
        raise Refused(N_("Write the reason."), "bar_reason")
    for name in ("remark", "bar_reason"):
        if len(getattr(typed, name)) > LONGEST_REMARK:
            raise Refused(N_("This text is too long."), name)
    return {
        "employer_id": _employer_id(typed.employer, employers),
        "grade": typed.grade,
        "held_level": typed.held_level,
        "licence": typed.licence.strip(),
        "kinds": sorted({one.value for one in typed.kinds}),
        "occupations": occupations,
        "remark": typed.remark.strip(),
        "barred_until": typed.barred_until,
        "bar_reason": typed.bar_reason.strip() if typed.barred_until else None,
    }


def _employer_id(title: str, employers: Mapping[str, Employer] | None) -> int | None:
    if not title.strip():
        return None
    known = find_employers([title]) if employers is None else employers
    found = known.get(title_key(title))
    if found is None:
        raise Refused(N_("No employer with this name is registered."), "employer")
    return found.id


def shown(judge: Judge) -> dict[str, object]:
    """Part: return what the record of an act says of a judge; never why somebody is barred."""
    return {
        "account": judge.account_id,
        "employer_id": judge.employer_id,
        "grade": judge.grade.value,
        "held_level": judge.held_level,
        "licence": judge.licence,
        "kinds": list(judge.kinds),
        "occupations": list(judge.occupations),
        "barred_until": judge.barred_until,
    }


def qualified(judge: Judge) -> bool:
    """Say whether a judge has the title or the level that judging asks for (R1.11)."""
    return is_qualified(judge.grade, judge.held_level)


def is_in_reach(account_ids: Collection[int], within: frozenset[int] | None) -> set[int]:
    """Return which of these accounts may judge in one of the contests."""
    query = select(Account.id).where(and_(Account.id.in_(account_ids), _reaches(within)))
    return set(db.session.scalars(query))
