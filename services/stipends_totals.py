"""What an ordered run comes to for each payee: paid, taken back, or left to be offset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from models.database import db
from models.payouts import PayoutClaim, PayoutLine, PayoutOrder
from models.stipends import StipendLine, StipendRun, StipendTotal
from rules.payouts import SPENT
from rules.stipend_scales import Negatives, scale_on
from rules.texts import N_
from services import payouts_changes
from services.acting import Actor
from services.stipends_inputs import read_scales

NOTHING = Decimal("0.00")
TAKEN_BACK = N_("By a later run of stipends less is due.")
# A payee is a person, or else an employer.
Key = tuple[int | None, int | None]


@dataclass(frozen=True)
class Balance:
    """What a payee gets by a run."""

    total: Decimal
    brought: Decimal = NOTHING

    @property
    def net(self) -> Decimal:
        """Return what is to be paid, or below nothing what is to come back."""
        return self.total + self.brought


def balances_of(run: StipendRun) -> dict[Key, Balance]:
    """Add up the lines of a run by payee, with what earlier runs left to be offset."""
    query = select(StipendLine.mentor_id, StipendLine.employer_id, StipendLine.amount).where(
        StipendLine.run_id == run.id
    )
    totals: dict[Key, Decimal] = {}
    for mentor, employer, amount in db.session.execute(query):
        key = (None, employer) if employer is not None else (mentor, None)
        totals[key] = totals.get(key, NOTHING) + amount
    brought = _brought(run.series_id)
    keys = [*totals, *(key for key in brought if key not in totals)]
    return {key: Balance(totals.get(key, NOTHING), brought.get(key, NOTHING)) for key in keys}


def _brought(series_id: int) -> dict[Key, Decimal]:
    """Return by payee what the last run with a total for him carried on."""
    query = (
        select(StipendTotal.person_id, StipendTotal.employer_id, StipendTotal.carried)
        .join(StipendRun, StipendRun.id == StipendTotal.run_id)
        .where(StipendRun.series_id == series_id)
        .order_by(StipendTotal.id)
    )
    last = {(person, employer): carried for person, employer, carried in db.session.execute(query)}
    return {key: carried for key, carried in last.items() if carried}


def settle_balances(by: Actor, run: StipendRun) -> Mapping[Key, StipendTotal]:
    """Part: write what a run comes to for each payee; below nothing it is asked or carried back."""
    balances = balances_of(run)
    negative = {key for key, one in balances.items() if one.net < 0}
    lines: Mapping[Key, Sequence[PayoutLine]] = {}
    if negative and _negatives(run) is Negatives.RECOVER:
        lines = _paid_lines(run.series_id)
    made: dict[Key, StipendTotal] = {}
    for key, one in balances.items():
        back = NOTHING
        if key in negative and key in lines:
            back = payouts_changes.take_back_gross(by, lines[key], -one.net, TAKEN_BACK)
        due = max(NOTHING, one.net)
        made[key] = StipendTotal(
            run_id=run.id,
            person_id=key[0],
            employer_id=key[1],
            total=one.total,
            brought=one.brought,
            due=due,
            recovered=back,
            carried=one.net - due + back,
        )
    db.session.add_all(made.values())
    return made


def _negatives(run: StipendRun) -> Negatives:
    scales = read_scales(run.series_id)
    scale = scale_on(scales, run.until) or scales[-1]
    return scale.negatives


def _paid_lines(series_id: int) -> dict[Key, list[PayoutLine]]:
    """Return the paid lines of a series by payee, the newest first."""
    query = (
        select(PayoutLine, PayoutClaim.person_id, PayoutClaim.employer_id)
        .join(PayoutClaim, PayoutClaim.id == PayoutLine.claim_id)
        .join(PayoutOrder, PayoutOrder.id == PayoutLine.order_id)
        .where(PayoutOrder.series_id == series_id, PayoutLine.live)
        .where(PayoutLine.state.in_(SPENT))
        .order_by(PayoutLine.id.desc())
        .with_for_update(of=PayoutLine)
    )
    found: dict[Key, list[PayoutLine]] = {}
    for line, person, employer in db.session.execute(query):
        found.setdefault((person, employer), []).append(line)
    return found
