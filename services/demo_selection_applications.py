"""Applications of the demonstration that are being written: a winner's own, and a unit's."""

from sqlalchemy import select

from models.database import db
from models.people import Person
from models.selection_applications import SelectionApplication
from models.selections import SelectionRound
from rules.selections import Channel, RoundState
from services import (
    accounts,
    selection_applications,
    selection_applications_evidence,
    selection_applications_writing,
)
from services.demo_stages import Stage
from services.selection_applications import Beginning

SAID = {
    "occupation": "电工",
    "post": "front_line",
    "unit_kind": "company",
    "district": "浒山街道",
    "trade_since": "2012-07-01",
    "local_since": "2016-03-01",
}


def add_selection_applications(stage: Stage) -> None:
    """Let a winner and a unit begin to write in the round that is open."""
    query = (
        select(SelectionRound.id)
        .where(SelectionRound.state == RoundState.OPEN, SelectionRound.closes_at > stage.now)
        .order_by(SelectionRound.closes_at)
        .limit(1)
    )
    round_id = db.session.scalar(query)
    if round_id is None:
        return
    _begin(stage, round_id, "winner", Beginning(Channel.PERSON))
    unit = accounts.get_account(stage.accounts["employer"]).employer_id
    known = select(SelectionApplication.person_id).where(SelectionApplication.round_id == round_id)
    staff = select(Person.id).where(Person.employer_id == unit, Person.id.not_in(known))
    somebody = db.session.scalar(staff.order_by(Person.id.desc()).limit(1))
    if somebody is not None:
        _begin(stage, round_id, "employer", Beginning(Channel.EMPLOYER, somebody))


def _begin(stage: Stage, round_id: int, who: str, beginning: Beginning) -> None:
    by = stage.by(who, -2)
    key = selection_applications.start(by, round_id, beginning)
    selection_applications_writing.save(by, key, SAID, {}, 1)
    row = selection_applications.get_application(key)
    offered = frozenset(one.key for one in selection_applications_evidence.offers_of(row)[:3])
    if offered:
        selection_applications_evidence.take_lines(by, key, offered)
