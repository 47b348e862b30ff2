"""Mentors and apprentices over generations, read one generation a statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, cast, select

from models.database import db
from models.mentorships import Mentorship
from models.people import Person
from rules.generations import Bond, Branch, Drawing, Side, draw, grow, persons_of
from rules.mentorships import MentorshipState

# So many generations of mentors and of apprentices, and pairs of one generation, are read.
BEFORE, AFTER, MOST = 2, 3, 80
# What was taught, or is: drafts and cancelled pairs never were.
TAUGHT = (
    MentorshipState.RUNNING,
    MentorshipState.PAUSED,
    MentorshipState.ACCEPTED,
    MentorshipState.FAILED,
    MentorshipState.BROKEN_OFF,
    MentorshipState.TRANSFERRED,
)
RUNS = (MentorshipState.RUNNING, MentorshipState.PAUSED)


def was_taught() -> ColumnElement[bool]:
    """Return the condition that a pair is taught, or was.

    Nearly all are: the cast keeps databases from walking all pairs by their state for it.
    """
    return cast(Mentorship.state, String).in_([state.value for state in TAUGHT])


@dataclass(frozen=True)
class Family:
    """A person's mentors and apprentices as two trees, with all names and a drawing."""

    mentors: Branch
    apprentices: Branch
    names: Mapping[int, str]
    drawing: Drawing
    cut: bool  # some generation is larger than is shown

    @property
    def is_alone(self) -> bool:
        """Say whether nobody taught this person and nobody was taught."""
        return not self.mentors.branches and not self.apprentices.branches

    @property
    def taught(self) -> int:
        """Count the apprentices and theirs that are shown, each once."""
        return len(persons_of(self.apprentices)) - 1


def family_of(person_id: int) -> Family:
    """Read the generations before and after a person; a circle ends where it closes."""
    before, cut_before = _bonds(person_id, Side.MENTORS, BEFORE)
    after, cut_after = _bonds(person_id, Side.APPRENTICES, AFTER)
    mentors = grow(person_id, before, Side.MENTORS, BEFORE)
    apprentices = grow(person_id, after, Side.APPRENTICES, AFTER)
    names = _names(persons_of(mentors) | persons_of(apprentices))
    drawing = draw(mentors, apprentices)
    return Family(mentors, apprentices, names, drawing, cut_before or cut_after)


def _bonds(person_id: int, side: Side, depth: int) -> tuple[list[Bond], bool]:
    """Read one generation after the other; say whether there were more than are read."""
    bonds: list[Bond] = []
    met, last, cut = {person_id}, {person_id}, False
    for _generation in range(depth):
        if not last:
            break
        found = _next(last, side)
        cut = cut or len(found) > MOST
        bonds += found[:MOST]
        last = {bond.ends(side)[1] for bond in found[:MOST]} - met
        met |= last
    return bonds, cut


def _next(people: Collection[int], side: Side) -> list[Bond]:
    known = Mentorship.apprentice_id if side is Side.MENTORS else Mentorship.mentor_id
    query = (
        select(
            Mentorship.mentor_id, Mentorship.apprentice_id, Mentorship.starts_on,
            Mentorship.ended_on, Mentorship.ends_on, Mentorship.state,
        )
        .where(known.in_(people), was_taught())
        .order_by(Mentorship.starts_on, Mentorship.id)
        .limit(MOST + 1)
    )  # fmt: skip
    return [_bond(row) for row in db.session.execute(query)]


def _bond(row: Any) -> Bond:
    until: date | None = None if row.state in RUNS else row.ended_on or row.ends_on
    return Bond(row.mentor_id, row.apprentice_id, row.starts_on, until, row.state)


def _names(people: Collection[int]) -> dict[int, str]:
    query = select(Person.id, Person.name).where(Person.id.in_(people))
    return {key: name for key, name in db.session.execute(query)}
