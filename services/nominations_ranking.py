"""The order of the candidates of a list, within its places: no ties and no gaps (R5.06, R8.04)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.nominations import Nomination
from rules.data import InvalidRules
from rules.nomination_checks import Ranked, ranking_problems
from rules.nominations import ORDERED, NominationState
from rules.refusals import Missing
from services import audits
from services.acting import Actor
from services.nominations import lock_open_call, rules_of
from services.nominations_candidates import move_nomination
from services.transaction import transaction

RANKABLE = (NominationState.CHECKED, *ORDERED)
_FIXED = (NominationState.NOTICE, NominationState.APPROVED)


@transaction
def rank(by: Actor, call_id: int, list_key: str, ranks: Mapping[int, int | None]) -> int:
    """Set the order of a list; those without a rank stay checked, as reserves."""
    call = lock_open_call(call_id)
    rows = _rankable(call_id, list_key)
    strange = set(ranks) - {row.id for row in rows}
    if strange:
        raise Missing(min(strange))
    wanted = {row.id: ranks.get(row.id, row.rank) for row in rows}
    try:
        places = rules_of(call).find(list_key).places
    except KeyError:
        raise Missing(list_key) from None
    problems = list(ranking_problems(places, [_ranked(row, wanted[row.id]) for row in rows]))
    if problems:
        raise InvalidRules(problems)
    for row in rows:
        _set(by, row, wanted[row.id])
    after = {"list": list_key, "ranks": {str(key): value for key, value in wanted.items()}}
    audits.record(by, "rank", "nomination_call", call_id, after=after)
    return call_id


def _set(by: Actor, row: Nomination, wanted: int | None) -> None:
    if row.state is NominationState.CHECKED and wanted is not None:
        move_nomination(by, row, NominationState.RANKED, "rank")
    elif row.state is NominationState.RANKED and wanted is None:
        move_nomination(by, row, NominationState.CHECKED, "unrank")
    row.rank = wanted


def _ranked(row: Nomination, wanted: int | None) -> Ranked:
    return Ranked(row.id, row.name, wanted, row.state in _FIXED)


def _rankable(call_id: int, list_key: str) -> Sequence[Nomination]:
    query = (
        select(Nomination)
        .options(joinedload(Nomination.person), joinedload(Nomination.employer))
        .where(
            Nomination.call_id == call_id,
            Nomination.list_key == list_key,
            Nomination.state.in_(RANKABLE),
        )
        .with_for_update(of=Nomination)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query.order_by(Nomination.id)).all()
