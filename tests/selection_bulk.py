"""Rows that a selection leaves, in bulk: for tests that only read them."""

from datetime import date

from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionLine, SelectionProposal
from models.selections import SelectionProgramme, SelectionRound
from rules.honours import HonourLevel
from rules.selections import ApplicationState, Channel, ProposalState, RoundState, Verb
from tests.builders import Builder
from tests.selection_story import at, plain_rules


def add_round(build: Builder, start: date, state: RoundState) -> SelectionRound:
    """A published round in a state, with its programme."""
    number = build.number()
    programme = SelectionProgramme(
        code=f"P{number}",
        title=f"名匠{number}",
        verb=Verb.SELECT,
        level=HonourLevel.CITY,
        organiser="市人社局",
        created_at=at(start),
    )
    rules = plain_rules(start)
    row = SelectionRound(
        programme=programme,
        code=f"R{number}",
        year=start.year,
        title=f"{start.year}年度名匠评选",
        state=state,
        rules=rules.model_dump(mode="json"),
        digest=rules.digest(),
        opens_at=rules.opens_at,
        closes_at=rules.closes_at,
        written_at=at(start),
        published_at=at(start),
        decided_on=start if state is RoundState.DECIDED else None,
    )
    db.session.add(row)
    db.session.commit()
    return row


def add_application(
    row: SelectionRound,
    person_id: int,
    employer_id: int | None = None,
    state: ApplicationState = ApplicationState.CHOSEN,
    **more: object,
) -> SelectionApplication:
    """An application of a person, with answers that nobody else may read."""
    application = SelectionApplication(
        round_id=row.id,
        person_id=person_id,
        employer_id=employer_id,
        channel=Channel.PERSON,
        state=state,
        tier="gold",
        begun_at=row.opens_at,
        saved_at=row.opens_at,
        **({"answers": {}} | more),
    )
    db.session.add(application)
    db.session.flush()
    return application


def add_proposal(row: SelectionRound, chosen: list[SelectionApplication]) -> SelectionProposal:
    """An approved proposal in which these applications are chosen for gold."""
    proposal = SelectionProposal(
        round_id=row.id,
        number=1,
        state=ProposalState.APPROVED,
        digest="0" * 64,
        made_at=row.closes_at,
        approved_at=row.closes_at,
    )
    proposal.lines = [
        SelectionLine(application_id=one.id, position=place, rank=place, tier="gold")
        for place, one in enumerate(chosen, start=1)
    ]
    db.session.add(proposal)
    db.session.commit()
    return proposal
