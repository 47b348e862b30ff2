"""The public directory of workshops: searched, on a map of districts, and page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, delete, func, or_, select

from models.database import db
from models.directories import DistrictTile
from models.mentorships import Mentorship
from models.people import Employer, Person
from models.workshops import Workshop, WorkshopMaster, WorkshopTerm
from rules.mentorships import MentorshipState
from rules.refusals import Missing, Refused
from rules.texts import N_
from rules.tile_maps import Tile, TileMap, check_tiles, fill
from rules.workshops import HostKind, MasterRole, TermState, WorkshopLevel, WorkshopState
from services import audits, people
from services.acting import Actor
from services.generations import RUNS, was_taught
from services.pages import PAGE_SIZE, Page
from services.transaction import transaction


@dataclass(frozen=True)
class Wanted:
    """Which workshops are asked for; an empty district is none in particular."""

    q: str = ""
    level: WorkshopLevel | None = None
    occupation: str = ""
    district: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on workshops, leaders and hosts."""
        found = [Workshop.state == WorkshopState.STANDING]
        if self.level is not None:
            found.append(Workshop.level == self.level)
        if self.occupation:
            found.append(Workshop.occupation == self.occupation)
        if self.district is not None:
            found.append(Workshop.district == self.district)
        if self.q:
            near = [
                people.matches_title(column, self.q)
                for column in (Workshop.title, Employer.title, Person.name)
            ]
            found.append(or_(*near))
        return found


class Listed(NamedTuple):
    """A workshop as the directory lists it."""

    id: int
    title: str
    level: WorkshopLevel
    recognised_by: str
    occupation: str
    district: str
    leader: str
    host: str
    founded_on: date


def list_workshops(wanted: Wanted, page: int = 1, size: int = PAGE_SIZE) -> Page[Listed]:
    """List standing workshops, the highest level first."""
    counted = (
        select(func.count(Workshop.id))
        .join(Person, Person.id == Workshop.leader_id)
        .join(Employer, Employer.id == Workshop.employer_id)
        .where(*wanted.conditions())
    )
    total = db.session.scalar(counted) or 0
    page = max(1, min(page, -(-total // size) or 1))
    query = (
        select(
            Workshop.id, Workshop.title, Workshop.level, Workshop.recognised_by,
            Workshop.occupation, Workshop.district, Person.name, Employer.title,
            Workshop.founded_on,
        )
        .join(Person, Person.id == Workshop.leader_id)
        .join(Employer, Employer.id == Workshop.employer_id)
        .where(*wanted.conditions())
        .order_by(_from_above(), Workshop.occupation, Workshop.title, Workshop.id)
    )  # fmt: skip
    rows = db.session.execute(query.limit(size).offset((page - 1) * size))
    return Page([Listed(*row) for row in rows], total, page, size)


def _from_above() -> ColumnElement[int]:
    order = {level: -place for place, level in enumerate(WorkshopLevel)}
    return case(*((Workshop.level == level, place) for level, place in order.items()), else_=0)


def occupations_known() -> list[str]:
    """List the trades of standing workshops."""
    query = select(Workshop.occupation).where(Workshop.state == WorkshopState.STANDING)
    return list(db.session.scalars(query.distinct().order_by(Workshop.occupation)))


def counts_by_level() -> dict[WorkshopLevel, int]:
    """Count the standing workshops by level."""
    query = (
        select(Workshop.level, func.count())
        .where(Workshop.state == WorkshopState.STANDING)
        .group_by(Workshop.level)
    )
    found: dict[WorkshopLevel, int] = {level: n for level, n in db.session.execute(query)}
    return {level: found[level] for level in reversed(WorkshopLevel) if level in found}


def map_of(wanted: Wanted) -> TileMap:
    """Fill the map with the workshops that are asked for, of whatever district."""
    query = (
        select(Workshop.district, func.count())
        .join(Person, Person.id == Workshop.leader_id)
        .join(Employer, Employer.id == Workshop.employer_id)
        .where(*replace(wanted, district=None).conditions())
        .group_by(Workshop.district)
    )
    counts: Mapping[str, int] = {title: n for title, n in db.session.execute(query)}
    return fill(tiles(), counts)


def tiles() -> list[Tile]:
    """List the tiles of the map, row by row."""
    query = select(DistrictTile.title, DistrictTile.column, DistrictTile.row)
    return [
        Tile(*row)
        for row in db.session.execute(query.order_by(DistrictTile.row, DistrictTile.column))
    ]


@transaction
def save_map(by: Actor, wanted: Sequence[Tile], seen: Sequence[Tile]) -> int:
    """Put these tiles in place of those that the page showed; return how many there are."""
    check_tiles(wanted)
    before = tiles()
    if before != list(seen):
        raise Refused(N_("Somebody else has changed the map meanwhile. Load the page anew."))
    db.session.execute(delete(DistrictTile))
    db.session.add_all(
        DistrictTile(title=tile.title, column=tile.column, row=tile.row) for tile in wanted
    )
    db.session.flush()
    audits.record(
        by, "save_map", "district_map", None, before=_written(before), after=_written(tiles())
    )
    return len(wanted)


def _written(found: Sequence[Tile]) -> dict[str, str]:
    return {tile.title: f"{tile.column}, {tile.row}" for tile in found}


class Master(NamedTuple):
    """Somebody who teaches in a workshop now."""

    name: str
    role: MasterRole
    from_on: date


class Taught(NamedTuple):
    """Apprentices of a workshop: persons and person-times apart (R7.12)."""

    now: int
    persons: int
    times: int
    accepted: int


@dataclass(frozen=True)
class Shown:
    """A workshop as everybody may see it: names, and nothing else of anybody."""

    id: int
    title: str
    level: WorkshopLevel
    recognised_by: str
    occupation: str
    cluster: str
    district: str
    host: str
    host_kind: HostKind
    plaque_number: str | None
    founded_on: date
    about: str
    taught_before: int
    masters: Sequence[Master]
    terms: Sequence[WorkshopTerm]
    taught: Taught

    @property
    def term(self) -> WorkshopTerm | None:
        """Return the term that runs."""
        return next((one for one in self.terms if one.state is TermState.RUNNING), None)


def show_workshop(workshop_id: int) -> Shown:
    """Return a standing workshop with its masters and terms; raise Missing."""
    query = (
        select(Workshop, Employer.title)
        .join(Employer, Employer.id == Workshop.employer_id)
        .where(Workshop.id == workshop_id, Workshop.state == WorkshopState.STANDING)
    )
    row = db.session.execute(query).first()
    if row is None:
        raise Missing(workshop_id)
    shop, host = row
    return Shown(
        shop.id, shop.title, shop.level, shop.recognised_by, shop.occupation, shop.cluster,
        shop.district, host, shop.host_kind, shop.plaque_number, shop.founded_on, shop.about,
        shop.taught_before, _masters(workshop_id), _terms(workshop_id),
        _taught(workshop_id, shop.taught_before),
    )  # fmt: skip


def _masters(workshop_id: int) -> list[Master]:
    query = (
        select(Person.name, WorkshopMaster.role, WorkshopMaster.from_on)
        .join(Person, Person.id == WorkshopMaster.person_id)
        .where(WorkshopMaster.workshop_id == workshop_id, WorkshopMaster.to_on.is_(None))
        .order_by(WorkshopMaster.role != MasterRole.LEADER, WorkshopMaster.from_on, Person.name)
    )
    return [Master(*row) for row in db.session.execute(query)]


def _terms(workshop_id: int) -> Sequence[WorkshopTerm]:
    query = select(WorkshopTerm).where(WorkshopTerm.workshop_id == workshop_id)
    return db.session.scalars(query.order_by(WorkshopTerm.number.desc())).all()


def _taught(workshop_id: int, before: int) -> Taught:
    """Count the pairs of a workshop; what it taught before the register adds to person-times."""
    query = select(
        func.count(func.distinct(case((Mentorship.state.in_(RUNS), Mentorship.apprentice_id)))),
        func.count(func.distinct(Mentorship.apprentice_id)),
        func.count(),
        func.count(case((Mentorship.state == MentorshipState.ACCEPTED, 1))),
    ).where(Mentorship.workshop_id == workshop_id, was_taught())
    now, persons, times, accepted = db.session.execute(query).one()
    return Taught(now, persons, times + before, accepted)
