"""Dated rules of workshops: written by one, approved by another, never changed afterwards."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from models.database import db
from models.workshops import WorkshopPolicy
from rules.refusals import Missing, Refused
from rules.states import moved
from rules.texts import N_
from rules.workshop_policies import Policy, policy_problems
from rules.workshops import POLICY_MOVES, PolicyState
from services import audits
from services.acting import Actor
from services.transaction import transaction


@transaction
def write_policy(
    by: Actor, title: str, document: str, starts_on: date, rules: Mapping[str, Any]
) -> int:
    """Write rules that count from a day on, once somebody else has approved them."""
    policy = _checked(rules)
    row = WorkshopPolicy(
        title=title,
        document=document,
        starts_on=starts_on,
        rules=policy.model_dump(mode="json"),
        digest=policy.digest(),
        state=PolicyState.DRAFT,
        written_at=by.now,
        written_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    after = {"title": title, "starts_on": starts_on, "digest": row.digest}
    audits.record(by, "write_policy", "workshop_policy", row.id, after=after)
    return row.id


def _checked(rules: Mapping[str, Any]) -> Policy:
    try:
        policy = Policy.model_validate(dict(rules))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        text = N_("The rules cannot be read at “%(place)s”: %(problem)s")
        raise Refused(text, "rules", place=place, problem=first["msg"]) from error
    for problem in policy_problems(policy):
        raise problem
    return policy


@transaction
def approve_policy(by: Actor, policy_id: int) -> int:
    """Approve rules as a second person; from their day on they count for new terms."""
    row = _locked(policy_id)
    if row.written_by_id == by.account_id:
        raise Refused(N_("Somebody else must approve this: you have written it."))
    same = select(WorkshopPolicy.id).where(
        WorkshopPolicy.starts_on == row.starts_on, WorkshopPolicy.state == PolicyState.APPROVED
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise Refused(N_("Other rules begin on the same day already."))
    row.state = moved(POLICY_MOVES, row.state, PolicyState.APPROVED)
    row.approved_at, row.approved_by_id = by.now, by.account_id
    after = {"digest": row.digest, "starts_on": row.starts_on}
    audits.record(by, "approve_policy", "workshop_policy", row.id, after=after)
    return row.id


@transaction
def discard_policy(by: Actor, policy_id: int) -> int:
    """Discard rules that were not approved."""
    row = _locked(policy_id)
    row.state = moved(POLICY_MOVES, row.state, PolicyState.DISCARDED)
    audits.record(by, "discard_policy", "workshop_policy", row.id)
    return row.id


def _locked(policy_id: int) -> WorkshopPolicy:
    row = db.session.get(WorkshopPolicy, policy_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(policy_id)
    return row


def get_policy(policy_id: int) -> WorkshopPolicy:
    """Return rules by their id; raise Missing."""
    row = db.session.get(WorkshopPolicy, policy_id)
    if row is None:
        raise Missing(policy_id)
    return row


def list_policies() -> Sequence[WorkshopPolicy]:
    """List all rules, those that began last first."""
    query = select(WorkshopPolicy).where(WorkshopPolicy.state != PolicyState.DISCARDED)
    order = (WorkshopPolicy.starts_on.desc(), WorkshopPolicy.id.desc())
    return db.session.scalars(query.order_by(*order)).all()


def find_policy(day: date) -> WorkshopPolicy | None:
    """Return the approved rules of a day: before the first, those that began first."""
    query = select(WorkshopPolicy).where(WorkshopPolicy.state == PolicyState.APPROVED)
    begun = query.where(WorkshopPolicy.starts_on <= day).order_by(WorkshopPolicy.starts_on.desc())
    row = db.session.scalar(begun.limit(1))
    if row is None:
        row = db.session.scalar(query.order_by(WorkshopPolicy.starts_on).limit(1))
    return row


def policy_on(day: date) -> WorkshopPolicy:
    """Return the approved rules of a day; refuse where there are none at all."""
    row = find_policy(day)
    if row is None:
        raise Refused(N_("No rules for workshops are approved yet."))
    return row


def rules_of(row: WorkshopPolicy) -> Policy:
    """Return stored rules as data."""
    return Policy.model_validate(row.rules)
