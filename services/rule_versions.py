"""Parts that freeze the rules of events at publication, and amend them with a reason."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from models.accounts import Account
from models.contests import Event, RuleVersion
from models.database import db
from models.judging import Mark, PanelSeat, Sheet
from rules.editions import FrozenRules
from rules.plans import EditionRules, EventPlan
from rules.refusals import Refused
from rules.schemes import read_scheme
from rules.states import EventState
from rules.texts import N_
from services.acting import Actor

AMENDABLE = frozenset({EventState.REGISTERING, EventState.DRAWN, EventState.SCORING})
HELD = frozenset(EventState) - {EventState.DRAFT, EventState.CANCELLED}


def freeze(by: Actor, event: Event, edition: EditionRules, reason: str = "") -> RuleVersion:
    """Part: keep the present rules of an event as its next numbered version."""
    frozen = FrozenRules(
        scheme=read_scheme(event.scheme),
        plan=EventPlan.model_validate(event.plan),
        edition=edition,
    )
    query = select(func.max(RuleVersion.number)).where(RuleVersion.event_id == event.id)
    version = RuleVersion(
        event_id=event.id,
        number=(db.session.scalar(query) or 0) + 1,
        scheme=event.scheme,
        plan=event.plan,
        edition=edition.model_dump(mode="json"),
        digest=frozen.digest(),
        reason=reason,
        frozen_at=by.now,
        frozen_by_id=by.account_id,
    )
    db.session.add(version)
    db.session.flush()
    return version


def refuse_amendment(events: Iterable[Event], reason: str) -> None:
    """Part: refuse to amend frozen rules without a reason, too late, or once a mark exists."""
    held = [event for event in events if event.state in HELD]
    late = next((event for event in held if event.state not in AMENDABLE), None)
    if late is not None:
        raise Refused(N_("The marks of %(event)s are in; its rules stand."), event=late.title)
    # Before scoring opens there is no sheet and so no mark.
    marked = _first_marked({e.id for e in held if e.state is EventState.SCORING})
    if marked is not None:
        raise Refused(
            N_("%(event)s has marks already; its rules cannot be changed any more."), event=marked
        )
    if held and not reason.strip():
        raise Refused(
            N_("These rules are published. Give the reason of the amendment."), field="reason"
        )


def _first_marked(event_ids: Collection[int]) -> str | None:
    if not event_ids:
        return None
    # Sheet by sheet, so that the first mark of an event ends the search in either database.
    query = (
        select(Event.title)
        .join(Sheet, Sheet.event_id == Event.id)
        .where(Sheet.event_id.in_(event_ids))
        .where(select(Mark.id).where(Mark.sheet_id == Sheet.id).correlate(Sheet).exists())
    )
    return db.session.scalar(query.limit(1))


def refuse_seated(event_id: int, parts: Collection[str]) -> None:
    """Part: refuse to drop a part on whose panel somebody has a seat."""
    query = select(PanelSeat.id).where(PanelSeat.event_id == event_id, PanelSeat.part.in_(parts))
    if parts and db.session.scalar(query.limit(1)) is not None:
        raise Refused(N_("Judges are seated for a part that you removed. Take their seats first."))


def list_versions(event_id: int) -> list[RuleVersion]:
    """List the frozen rules of an event, newest first."""
    query = select(RuleVersion).where(RuleVersion.event_id == event_id)
    return list(db.session.scalars(query.order_by(RuleVersion.number.desc())))


def can_amend(event: Event) -> bool:
    """Say whether the rules of an event may still be changed."""
    return why_fixed(event) is None


def why_fixed(event: Event) -> Refused | None:
    """Return why the rules of an event cannot be changed any more; None while they can."""
    if event.state is EventState.CANCELLED:
        return Refused(N_("This event is cancelled."))
    try:
        refuse_amendment([event], reason="-")
    except Refused as refused:
        return refused
    return None


@dataclass(frozen=True)
class Version:
    """One numbered version of the rules, and who froze it."""

    row: RuleVersion
    frozen_by: str

    def rules(self) -> FrozenRules:
        """Return the rules as they were frozen."""
        return FrozenRules(
            scheme=read_scheme(self.row.scheme),
            plan=EventPlan.model_validate(self.row.plan),
            edition=EditionRules.model_validate(self.row.edition),
        )


def list_named_versions(event_id: int) -> list[Version]:
    """List the frozen rules of an event with who froze them, newest first."""
    query = (
        select(RuleVersion, Account.title)
        .outerjoin(Account, Account.id == RuleVersion.frozen_by_id)
        .where(RuleVersion.event_id == event_id)
        .order_by(RuleVersion.number.desc())
    )
    return [Version(row, title or "") for row, title in db.session.execute(query)]
