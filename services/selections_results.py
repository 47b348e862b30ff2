"""Who was chosen in a round, for everybody: name, unit and tier, once it is public."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from models.database import db
from models.people import Employer, Person
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionLine, SelectionProposal
from models.selections import SelectionRound
from rules.selections import ProposalState, RoundState


class Chosen(NamedTuple):
    """Somebody who was chosen, as far as everybody may know it."""

    tier: str
    name: str
    employer: str


def list_chosen(row: SelectionRound) -> Sequence[Chosen]:
    """List who was chosen in a decided round, the best tier first; nobody before that."""
    if row.state is not RoundState.DECIDED:
        return []
    query = (
        select(SelectionLine.tier, Person.name, Employer.title)
        .join(SelectionProposal, SelectionProposal.id == SelectionLine.proposal_id)
        .join(SelectionApplication, SelectionApplication.id == SelectionLine.application_id)
        .join(Person, Person.id == SelectionApplication.person_id)
        .outerjoin(Employer, Employer.id == SelectionApplication.employer_id)
        .where(
            SelectionProposal.round_id == row.id,
            SelectionProposal.state == ProposalState.APPROVED,
            SelectionLine.tier != "",
        )
        .order_by(SelectionLine.position)
    )
    return [
        Chosen(tier, name, employer or "") for tier, name, employer in db.session.execute(query)
    ]
