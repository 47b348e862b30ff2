"""A workshop with three generations, for its public page and the tree of a timeline."""

from datetime import date

from sqlalchemy import select

from models.accounts import Account
from models.database import db
from models.people import Employer, Person
from rules.mentorships import MentorshipState
from tests.builders import Builder
from tests.workshop_rows import add_pair, add_workshop

YEARS = {"starts_on": date(2019, 3, 1), "ends_on": date(2021, 2, 28)}


def be_taught() -> None:
    """Let the winner of the demonstration have a mentor, apprentices, and a workshop of hers."""
    own = db.session.scalars(select(Account.person_id).where(Account.username == "winner")).one()
    query = select(Person).where(Person.id != own).order_by(Person.id)
    mentor, learner, other, last = db.session.scalars(query.limit(4))
    winner = db.session.get_one(Person, own)
    build, host = Builder(), db.session.scalars(select(Employer.id).order_by(Employer.id)).first()
    shop = add_workshop(build, winner, employer_id=host, about="承担技术攻关和技艺传承。")
    more = {"employer_id": host, "workshop_id": shop.id}
    add_pair(build, mentor, winner, employer_id=host, state=MentorshipState.ACCEPTED, **YEARS)
    add_pair(build, winner, learner, state=MentorshipState.ACCEPTED, **YEARS, **more)
    add_pair(build, winner, other, state=MentorshipState.BROKEN_OFF, **more)
    add_pair(build, learner, last, **more)
