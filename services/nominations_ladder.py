"""A person's way up: titles of the register and nominations, rung by rung (R8.04)."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.honours import Honour
from models.nominations import Nomination
from rules.nomination_ladder import Aim, Step, Title, ladder
from rules.nominations import NominationState
from rules.states import HonourState
from services.nominations import rules_of

_NO_AIMS = (NominationState.GRANTED, NominationState.WITHDRAWN, NominationState.DECLINED)


def ladder_of(person_id: int) -> list[Step]:
    """Return the ladder of one person, from below, in two statements."""
    honours = select(Honour).where(
        Honour.person_id == person_id, Honour.state == HonourState.STANDING
    )
    titles = [
        Title(one.id, one.title, one.kind, one.level, one.granted_on, one.granted_by, one.via)
        for one in db.session.scalars(honours)
    ]
    rows = (
        select(Nomination)
        .options(joinedload(Nomination.call))
        .where(Nomination.person_id == person_id, Nomination.state.not_in(_NO_AIMS))
        .order_by(Nomination.id)
    )
    aims = [
        Aim(
            row.id,
            rules_of(row.call).find(row.list_key).title,
            row.call.level,
            row.call.year,
            row.state,
        )
        for row in db.session.scalars(rows)
    ]
    return ladder(titles, aims)
