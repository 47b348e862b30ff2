"""What binds judges to people, employers and entries: declared by themselves or the organizer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.judges import Relation
from models.people import Person
from rules.conflicts import ConflictKind, Tie
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.people_employers import find_employers, tidy_title, title_key
from services.transaction import transaction

About = Literal["person", "employer", "entry"]
# That somebody starts, or for whom somebody works, is known: it is not declared.
DECLARABLE = (
    ConflictKind.KIN,
    ConflictKind.COACH,
    ConflictKind.MENTOR,
    ConflictKind.OTHER,
)
LONGEST_NAME = 120
LONGEST_REMARK = 200
MOST_RELATIONS = 100
_WHO = load_only(Account.title, Account.username)


@dataclass(frozen=True)
class RelationFacts:
    """What somebody declared: a person or an employer by name, or an entry by its number."""

    kind: ConflictKind
    about: About
    name: str
    remark: str = ""


@dataclass(frozen=True)
class Namesake:
    """A registered person with the name that was declared."""

    id: int
    name: str
    employer: str


def list_relations(account_id: int) -> Sequence[Relation]:
    """List the relations of an account, those that hold first."""
    query = (
        select(Relation)
        .options(
            joinedload(Relation.declared_by).options(_WHO, lazyload(Account.grants)),
            joinedload(Relation.person).load_only(Person.name),
            joinedload(Relation.employer),
            joinedload(Relation.entry).load_only(Entry.number, Entry.title),
        )
        .where(Relation.account_id == account_id)
        .order_by(Relation.ended_at.is_not(None), Relation.id.desc())
    )
    return db.session.scalars(query).all()


def ties_of(account_ids: Iterable[int]) -> dict[int, tuple[Tie, ...]]:
    """Return what binds some accounts at present, as the rule of conflicts asks."""
    query = select(Relation).where(
        Relation.account_id.in_(list(account_ids)), Relation.ended_at.is_(None)
    )
    found: dict[int, list[Tie]] = {}
    for one in db.session.scalars(query.order_by(Relation.id)):
        found.setdefault(one.account_id, []).append(_tie(one))
    return {account_id: tuple(ties) for account_id, ties in found.items()}


def _tie(one: Relation) -> Tie:
    name = one.name or ""
    return Tie(
        one.kind,
        one.person_id,
        one.employer_id,
        one.entry_id,
        person=name if one.about == "person" else "",
        employer=name if one.about == "employer" else "",
    )


def get_relation(relation_id: int) -> Relation:
    """Return a relation; raise Missing."""
    found = db.session.get(Relation, relation_id)
    if found is None:
        raise Missing(relation_id)
    return found


@transaction
def declare_relation(by: Actor, account_id: int, typed: RelationFacts) -> int:
    """Write down what binds a judge to somebody (R1.13); return the relation's id."""
    _check(account_id, typed)
    relation = Relation(
        account_id=account_id,
        kind=typed.kind,
        about=typed.about,
        remark=typed.remark.strip() or None,
        declared_at=by.now,
        declared_by_id=by.account_id,
    )
    _aim(relation, typed)
    db.session.add(relation)
    db.session.flush()
    # Names of kin stay out of the record: it is read by more people than the pool.
    after = {"account": account_id, "kind": typed.kind.value, "about": typed.about}
    audits.record(by, "declare", "relation", relation.id, after=after)
    return relation.id


def _check(account_id: int, typed: RelationFacts) -> None:
    if db.session.get(Account, account_id, with_for_update=True) is None:
        raise Missing(account_id)
    if typed.kind not in DECLARABLE:
        raise Refused(N_("Choose what kind of relation it is."), "kind")
    if not typed.name.strip():
        raise Refused(N_("Write the name."), "name")
    if len(typed.name) > LONGEST_NAME:
        raise Refused(N_("This text is too long."), "name")
    if len(typed.remark) > LONGEST_REMARK:
        raise Refused(N_("This text is too long."), "remark")
    if len(ties_of([account_id]).get(account_id, ())) >= MOST_RELATIONS:
        raise Refused(N_("Too many relations are declared. End some of them first."))


def _aim(relation: Relation, typed: RelationFacts) -> None:
    """Say whom the declared words mean, as far as that is certain: a name of a person is not."""
    if typed.about == "person":
        relation.name = " ".join(typed.name.split())
    elif typed.about == "employer":
        relation.name = tidy_title(typed.name)
        found = find_employers([typed.name]).get(title_key(typed.name))
        relation.employer_id = found.id if found else None
    else:
        relation.entry_id = _entry_id(typed.name.strip())


def _entry_id(number: str) -> int:
    """Return the entry with this number in the latest edition that has one."""
    query = (
        select(Entry.id)
        .join(Event, Event.id == Entry.event_id)
        .join(Contest, Contest.id == Event.contest_id)
        .where(Entry.number == number)
        .order_by(Contest.starts_on.desc(), Entry.id.desc())
    )
    found = db.session.scalar(query.limit(1))
    if found is None:
        raise Refused(N_("There is no entry with this number."), "name")
    return found


@transaction
def end_relation(by: Actor, relation_id: int) -> int:
    """End a relation; it stays on record. Return the account's id."""
    relation = db.session.get(Relation, relation_id, with_for_update=True, populate_existing=True)
    if relation is None:
        raise Missing(relation_id)
    if relation.ended_at is not None:
        raise Refused(N_("This relation is ended already."))
    relation.ended_at, relation.ended_by_id = by.now, by.account_id
    after = {"account": relation.account_id, "kind": relation.kind.value}
    audits.record(by, "end_relation", "relation", relation_id, after=after)
    return relation.account_id


def list_namesakes(relations: Iterable[Relation]) -> dict[str, list[Namesake]]:
    """List by declared name the entered people who bear it: the organizer says who is meant."""
    names = {one.name or "" for one in relations if _is_open(one)}
    query = (
        select(Person)
        .options(joinedload(Person.employer))
        .where(Person.name.in_(names), Person.id.in_(select(EntryMember.person_id)))
        .order_by(Person.name, Person.id)
    )
    found: dict[str, list[Namesake]] = {}
    for one in db.session.scalars(query):
        employer = one.employer.title if one.employer else ""
        found.setdefault(one.name, []).append(Namesake(one.id, one.name, employer))
    return found


def _is_open(one: Relation) -> bool:
    return one.about == "person" and one.person_id is None and one.ended_at is None


@transaction
def name_person(by: Actor, relation_id: int, person_id: int) -> int:
    """Say which of several people of one name is meant; return the account's id."""
    relation = db.session.get(Relation, relation_id, with_for_update=True, populate_existing=True)
    if relation is None:
        raise Missing(relation_id)
    known = list_namesakes([relation]).get(relation.name or "", [])
    if person_id not in {one.id for one in known}:
        raise Refused(N_("Choose one of the people in the list."))
    relation.person_id = person_id
    after = {"account": relation.account_id, "kind": relation.kind.value}
    audits.record(by, "identify", "relation", relation_id, after=after)
    return relation.account_id
