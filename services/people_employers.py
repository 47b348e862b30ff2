"""Employers: companies, schools and institutions that enter people."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import func, insert, or_, select

from models.contests import Event
from models.database import db
from models.entries import Entry
from models.people import Employer, Person
from rules.identity import parse_phone, parse_unit_code
from rules.industries import INDUSTRIES
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.pages import PAGE_SIZE, Page, ordered, page_of
from services.people import chunks, matches_title
from services.transaction import transaction

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class EmployerFacts:
    """What somebody typed about an employer."""

    title: str
    uscc: str = ""
    district: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    industry: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people and entries an employer has."""

    people: int = 0
    entries: int = 0


def tidy_title(text: str) -> str:
    """Write an employer's name in its one form, with the full brackets that Chinese names carry."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if any("\u4e00" <= character <= "\u9fff" for character in plain):
        plain = (
            plain.replace("(", "（").replace(")", "）").replace("（ ", "（").replace(" ）", "）")
        )
    return plain


@lru_cache(maxsize=4096)
def title_key(text: str) -> str:
    """Return what two spellings of one employer's name have in common."""
    return tidy_title(text).replace(" ", "").casefold()


def get_employer(employer_id: int) -> Employer:
    """Return an employer; raise Missing."""
    employer = db.session.get(Employer, employer_id)
    if employer is None:
        raise Missing(employer_id)
    return employer


def employer_choices() -> list[tuple[int, str]]:
    """List id and name of every employer, by name."""
    rows = db.session.execute(select(Employer.id, Employer.title).order_by(Employer.title)).all()
    return [(key, title) for key, title in rows]


def find_employers(titles: Iterable[str]) -> dict[str, Employer]:
    """Return the employers with these names, however brackets and spaces are typed, by key."""
    wanted = {title_key(title) for title in titles}
    ids = [key for key, title in employer_choices() if title_key(title) in wanted]
    found: dict[str, Employer] = {}
    for chunk in chunks(ids):
        for employer in db.session.scalars(select(Employer).where(Employer.id.in_(chunk))):
            found[title_key(employer.title)] = employer
    return found


@transaction
def create_employer(by: Actor, typed: EmployerFacts) -> int:
    """Register an employer and return its id."""
    employer = Employer(created_at=by.now, **_checked(typed))
    _refuse_taken(employer.title, None)
    db.session.add(employer)
    db.session.flush()
    audits.record(by, "create", "employer", employer.id, after=_shown(employer))
    return employer.id


@transaction
def edit_employer(by: Actor, employer_id: int, typed: EmployerFacts, is_official: bool) -> int:
    """Change an employer's data; its name and code only by officials, as lists carry them."""
    employer = db.session.get(Employer, employer_id, with_for_update=True)
    if employer is None:
        raise Missing(employer_id)
    before, values = _shown(employer), _checked(typed)
    if not is_official:
        values |= {"title": employer.title, "uscc": employer.uscc}
    _refuse_taken(values["title"], employer_id)
    for key, value in values.items():
        setattr(employer, key, value)
    db.session.flush()
    audits.record(by, "edit", "employer", employer_id, before=before, after=_shown(employer))
    return employer_id


def _shown(employer: Employer) -> dict[str, object]:
    return {
        "title": employer.title,
        "uscc": employer.uscc,
        "district": employer.district,
        "industry": employer.industry,
        "contact_name": employer.contact_name,
    }


def _checked(typed: EmployerFacts) -> dict[str, Any]:
    title = tidy_title(typed.title)
    if not 2 <= len(title) <= LONGEST_TITLE:
        raise Refused(N_("Enter the full name of the employer."), "title")
    if typed.industry and typed.industry not in INDUSTRIES:
        raise Refused(N_("Choose an industry of the list."), "industry")
    return {
        "title": title,
        "uscc": _code(typed.uscc),
        "district": tidy_title(typed.district)[:40],
        "industry": typed.industry,
        "contact_name": tidy_title(typed.contact_name)[:40],
        "contact_phone": _phone(typed.contact_phone),
    }


def _code(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return parse_unit_code(text)
    except Refused as problem:
        raise Refused(problem.message, "uscc", **problem.params) from None


def _phone(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return parse_phone(text)
    except Refused as problem:
        raise Refused(problem.message, "contact_phone", **problem.params) from None


def _refuse_taken(title: str, own_id: int | None) -> None:
    for employer_id, other in employer_choices():
        if employer_id != own_id and title_key(other) == title_key(title):
            raise Refused(N_("This employer is registered already."), "title")


def bulk_employers(by: Actor, titles: Iterable[str]) -> dict[str, int]:
    """Part: register every employer that is not known yet; return ids by `title_key`."""
    known = {title_key(title): key for key, title in employer_choices()}
    new = {title_key(t): tidy_title(t) for t in titles if title_key(t) not in known}
    if new:
        rows = [{"title": title, "created_at": by.now} for title in new.values()]
        db.session.execute(insert(Employer), rows)
        for chunk in chunks(list(new.values())):
            query = select(Employer.title, Employer.id).where(Employer.title.in_(chunk))
            known |= {title_key(title): key for title, key in db.session.execute(query)}
    return known


SORTS = {"title": Employer.title, "district": Employer.district}


def list_employers(
    q: str = "",
    sort: str = "",
    descending: bool = False,
    page: int = 1,
    size: int = PAGE_SIZE,
    contests: frozenset[int] | None = None,
) -> Page[Employer]:
    """List employers by name; limited to those with entries in some contests unless None."""
    query = select(Employer)
    if contests is not None:
        entered = Entry.event.has(Event.contest_id.in_(contests))
        query = query.where(
            select(Entry.id).where(Entry.employer_id == Employer.id, entered).exists()
        )
    if q:
        found = [matches_title(column, q) for column in (Employer.title, Employer.district)]
        query = query.where(or_(*found, Employer.uscc == q.upper()))
    query = ordered(query, SORTS, sort or "title", descending, Employer.id)
    return page_of(query, page, size)


def count_for(employers: Sequence[Employer]) -> dict[int, Counts]:
    """Count people and entries of each of these employers."""
    wanted = [employer.id for employer in employers]
    people = _counted(Person.employer_id, wanted)
    entries = _counted(Entry.employer_id, wanted)
    return {key: Counts(people.get(key, 0), entries.get(key, 0)) for key in wanted}


def _counted(column: Any, wanted: Sequence[int]) -> dict[int, int]:
    query = select(column, func.count()).where(column.in_(wanted)).group_by(column)
    return {key: count for key, count in db.session.execute(query).all()}
