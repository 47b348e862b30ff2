"""Results: computed as numbered revisions with all that follows from them, and signed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update

from models.awards import Award, LevelGrant
from models.contests import Event, RuleVersion
from models.database import db
from models.results import Result, Revision
from rules.data import plain
from rules.decisions import Decision
from rules.marking import IncompleteMarks
from rules.refusals import Missing, Refused
from rules.signoffs import Step
from rules.states import EVENT_MOVES, REVISION_MOVES, EventState, RevisionState, moved
from rules.texts import N_
from services import (
    appeals_holds,
    audits,
    awards_budget,
    awards_limits,
    awards_shares,
    contests,
    objections_holds,
    payouts_changes,
    reopenings,
    results_computing,
    results_decisions,
    signoffs,
    works,
)
from services.acting import Actor
from services.draws import lock_event
from services.results_computing import Computed, Rules, TiesOpen
from services.transaction import transaction

Row = dict[str, Any]
SHOWN_BLOCKERS = 200


@transaction
def compute(by: Actor, event_id: int) -> int:
    """Compute a new draft revision with awards and level grants; older ones are superseded."""
    event = lock_event(event_id)
    if event.state is not EventState.REVIEW:
        raise Refused(N_("Results are computed once the chief judge has confirmed the marks."))
    if works.is_sealed(event_id):
        raise Refused(N_("The codes are still sealed. Open all layers first."))
    signoffs.check_chain(event, Step.SUPERVISOR)
    reason = reopenings.reason_of(event_id)
    version = _frozen_rules(event_id)
    decisions = results_decisions.decisions_of(event_id)
    computed = _computed(event_id, Rules.of(version), decisions)
    revision = _add_revision(by, event_id, version, computed, decisions)
    payouts_changes.stop_replaced(by, event_id)
    awards_limits.settle_contest(event.contest_id)
    revision.reason = reason
    after: Row = {"number": revision.number, "digest": revision.digest}
    after |= {name: len(rows) for name, rows in computed._asdict().items()}
    after |= _name_causes(event, revision.id)
    audits.record(by, "compute", "revision", revision.id, contest_id=event.contest_id, after=after)
    return revision.id


def _name_causes(event: Event, revision_id: int) -> Row:
    """Let a new revision name what it follows: rulings on appeals, and upheld objections."""
    named = {
        "appeals": appeals_holds.name_rulings(event, revision_id),
        "objections": objections_holds.name_objections(event.id, revision_id),
    }
    return {cause: numbers for cause, numbers in named.items() if numbers}


def _computed(event_id: int, rules: Rules, decisions: Sequence[Decision]) -> Computed:
    results_computing.check_plan(rules)
    fields = results_computing.read_fields(event_id)
    if not fields:
        raise Refused(N_("There are no accepted entries in this event."))
    found = results_computing.compute_fields(rules, fields, decisions)
    return results_computing.rows_of(event_id, rules, fields, found)


@transaction
def sign(by: Actor, revision_id: int) -> int:
    """Sign the newest draft; whoever computed it cannot sign it (R2.26)."""
    revision = get_revision(revision_id)
    event = lock_event(revision.event_id)
    db.session.refresh(revision)
    if revision.state is not RevisionState.DRAFT:
        raise Refused(N_("Only the newest draft can be signed."))
    if by.account_id is None or revision.computed_by_id == by.account_id:
        raise Refused(N_("Whoever computed the results cannot sign them."))
    if (held := appeals_holds.result_problem(event, revision_id)) is not None:
        raise held
    if (unheard := objections_holds.result_problem(event, revision_id)) is not None:
        raise unheard
    if (over := awards_budget.signing_problem(event, revision)) is not None:
        raise over
    if not is_intact(revision):
        raise Refused(N_("The stored results do not match their digest. Compute them again."))
    revision.state = moved(REVISION_MOVES, revision.state, RevisionState.SIGNED)
    revision.signed_at, revision.signed_by_id = by.now, by.account_id
    event.state = moved(EVENT_MOVES, event.state, EventState.SIGNED)
    db.session.flush()
    objections_holds.settle_named(by, revision_id)
    after = {"number": revision.number, "digest": revision.digest}
    audits.record(by, "sign", "revision", revision_id, contest_id=event.contest_id, after=after)
    return revision_id


def get_revision(revision_id: int) -> Revision:
    """Return a revision; raise Missing."""
    revision = db.session.get(Revision, revision_id)
    if revision is None:
        raise Missing(revision_id)
    return revision


class Blocker(NamedTuple):
    """Why the marks of one coded entry make no result yet."""

    code: str
    problem: Refused


def list_blockers(event_id: int) -> list[Blocker]:
    """List what keeps the results of an event from being computed, by work code."""
    rules = results_computing.rules_of_event(event_id)
    if rules is None:
        return []
    fields = results_computing.read_fields(event_id)
    decisions = results_decisions.decisions_of(event_id)
    try:
        results_computing.compute_fields(rules, fields, decisions)
    except IncompleteMarks as incomplete:
        found = results_computing.blockers_of(fields, incomplete)
        listed = [Blocker(code, one) for code, problems in found.items() for one in problems]
        return listed[:SHOWN_BLOCKERS]
    except TiesOpen:
        return []
    return []


def is_intact(revision: Revision) -> bool:
    """Say whether the stored rows of a revision still give its digest."""
    version = db.session.get_one(RuleVersion, revision.rule_version_id)
    stored = _stored_rows(revision)
    # Revisions from before awards were shared have a digest over the awards alone.
    former = stored._replace(shares=[], honours=[])
    return revision.digest in (
        digest_of(version.digest, one, revision.decisions) for one in (stored, former)
    )


def _stored_rows(revision: Revision) -> Computed:
    keeps_inputs = revision.decisions is not None
    return Computed(
        _stored(Result, _result_facts(keeps_inputs), revision.id),
        _stored(Award, _AWARD_FACTS, revision.id),
        _stored(LevelGrant, _GRANT_FACTS, revision.id),
        awards_shares.stored_shares(revision.id),
        awards_shares.stored_honours(revision.id),
    )


def _frozen_rules(event_id: int) -> RuleVersion:
    version = contests.present_rule_version(event_id)
    if version is None:
        raise Refused(N_("The rules of this event are not frozen yet. Publish the contest first."))
    return version


def _add_revision(
    by: Actor,
    event_id: int,
    rules: RuleVersion,
    computed: Computed,
    decisions: Sequence[Decision],
) -> Revision:
    last = db.session.scalar(select(func.max(Revision.number)).where(Revision.event_id == event_id))
    db.session.execute(
        update(Revision)
        .where(Revision.event_id == event_id, Revision.state != RevisionState.SUPERSEDED)
        .values(state=RevisionState.SUPERSEDED)
    )
    decided = [decision.model_dump(mode="json") for decision in decisions]
    revision = Revision(
        event_id=event_id,
        number=(last or 0) + 1,
        state=RevisionState.DRAFT,
        rule_version_id=rules.id,
        digest=digest_of(rules.digest, computed, decided),
        decisions=decided,
        computed_at=by.now,
        computed_by_id=by.account_id,
    )
    db.session.add(revision)
    db.session.flush()
    for table, rows in zip((Result, Award, LevelGrant), computed[:3], strict=True):
        if rows:
            named = [row | {"revision_id": revision.id} for row in rows]
            db.session.execute(insert(table.__table__), named)  # type: ignore[arg-type]
    awards_shares.add_rows(revision.id, computed.shares, computed.honours)
    return revision


_RESULT_FACTS = (
    "entry_id",
    "status",
    "total",
    "parts",
    "passed",
    "rank",
    "award_rank",
    "tie_break",
)
_INPUT_FACTS = ("scale", "reached", "inputs")
_AWARD_FACTS = ("entry_id", "tier", "tier_title", "tier_order", "amount", "honours", "shared")
_GRANT_FACTS = ("entry_id", "person_id", "level", "reason")


def _result_facts(keeps_inputs: bool) -> tuple[str, ...]:
    return (*_RESULT_FACTS, *_INPUT_FACTS) if keeps_inputs else _RESULT_FACTS


def digest_of(rule_digest: str, computed: Computed, decisions: Sequence[Row] | None) -> str:
    """Return the SHA-256 over the rules and every result, award and level grant.

    With decisions, even none, it covers them and what the results were computed from; revisions
    made before inputs were kept have neither.
    """
    content: Row = {
        "rules": rule_digest,
        "results": _canonical(computed.results, _result_facts(decisions is not None)),
        "awards": _canonical(computed.awards, _AWARD_FACTS),
        "levels": _canonical(computed.grants, _GRANT_FACTS),
    }
    for name, rows, facts in (
        ("shares", computed.shares, awards_shares.SHARE_FACTS),
        ("honours", computed.honours, awards_shares.HONOUR_FACTS),
    ):
        if rows:
            content[name] = sorted(([_leaf(row[fact]) for fact in facts] for row in rows), key=str)
    if decisions is not None:
        content["decisions"] = list(decisions)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(rows: Iterable[Row], facts: Sequence[str]) -> list[list[Any]]:
    listed = [[_leaf(row[fact]) for fact in facts] for row in rows]
    return sorted(listed, key=lambda row: (row[0], str(row[1])))


def _leaf(value: Any) -> Any:
    return plain(value) if isinstance(value, Decimal) else value


def _stored(table: Any, facts: Sequence[str], revision_id: int) -> list[Row]:
    query = select(*(getattr(table, fact) for fact in facts))
    rows = db.session.execute(query.where(table.revision_id == revision_id))
    return [row._asdict() for row in rows]
