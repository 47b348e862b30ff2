"""The frames in which pairs stand: workshops and classes to choose from."""

from sqlalchemy import select

from models.database import db
from models.mentorships import MentorshipClass
from models.workshops import Workshop
from rules.mentorships import ClassState
from rules.workshops import WorkshopState


def workshops() -> list[tuple[int, str]]:
    """List the workshops that stand."""
    query = select(Workshop.id, Workshop.title).where(Workshop.state == WorkshopState.STANDING)
    return [(key, title) for key, title in db.session.execute(query.order_by(Workshop.title))]


def classes(employer_id: int | None) -> list[tuple[int, str]]:
    """List the classes that stand, of one employer or of all."""
    query = select(MentorshipClass.id, MentorshipClass.title)
    query = query.where(MentorshipClass.state == ClassState.STANDING)
    if employer_id is not None:
        query = query.where(MentorshipClass.employer_id == employer_id)
    return [
        (key, title) for key, title in db.session.execute(query.order_by(MentorshipClass.title))
    ]
