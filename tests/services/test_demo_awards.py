"""On the full demonstration plan, dry run, shares and payments agree to the cent."""

from decimal import Decimal

from sqlalchemy import func, select

from models.accounts import Account
from models.awards import Award, AwardHonour, AwardShare, LevelGrant
from models.contests import Contest, Event, RuleVersion
from models.database import db
from models.entries import Entry
from models.judging import Mark, Sheet
from models.payouts import PayoutLine, PayoutOrder
from models.results import Revision
from models.works import Work
from rules.plans import EditionRules, EventPlan
from rules.states import EventState, RevisionState
from services import (
    awards,
    awards_budget,
    awards_trials,
    contests,
    demo,
    payouts_dues,
    results,
    results_moves,
    results_superseded,
)
from services.acting import Actor
from tests.services.test_demo import NOW, quiet


def full_edition() -> Contest:
    """The edition with 18 events and 4,600 entries."""
    query = select(Event.contest_id).group_by(Event.contest_id).order_by(func.count().desc())
    contest = contests.get_contest(db.session.scalars(query.limit(1)).one())
    entries = select(func.count()).select_from(Entry).join(Event)
    counted = db.session.scalar(entries.where(Event.contest_id == contest.id))
    assert (len(contest.events), counted) == (18, 4600)
    return contest


def rules_of(revision: Revision) -> tuple[EventPlan, EditionRules]:
    version = db.session.get_one(RuleVersion, revision.rule_version_id)
    return EventPlan.model_validate(version.plan), EditionRules.model_validate(version.edition)


def present_revision(event_id: int) -> Revision:
    query = select(Revision).where(Revision.event_id == event_id)
    return db.session.scalars(query.where(Revision.state != RevisionState.SUPERSEDED)).one()


def total(column: object, revision: Revision) -> Decimal:
    query = select(func.sum(column)).where(  # type: ignore[arg-type]
        AwardShare.revision_id == revision.id
    )
    return db.session.scalar(query) or Decimal(0)


def planned(plan: EventPlan, revision: Revision) -> Decimal:
    """What the plan says for so many awards of each tier as there are."""
    query = select(Award.tier, func.count()).where(Award.revision_id == revision.id)
    counts = db.session.execute(query.group_by(Award.tier)).all()
    return sum((plan.awards.tier(key).amount * count for key, count in counts), Decimal(0))


def check_orders(contest: Contest, shared: Decimal) -> None:
    """What stands in payment orders and what still waits for one is what was shared out."""
    ordered = select(func.sum(PayoutLine.gross)).join(PayoutOrder)
    ordered = ordered.where(PayoutOrder.contest_id == contest.id, PayoutLine.live)
    waiting = [one.rest.gross for one in payouts_dues.read_dues(contest.id) if not one.in_hand]
    assert (db.session.scalar(ordered) or 0) + sum(waiting, Decimal(0)) == shared
    assert db.session.scalar(ordered)


def check_levels(contest: Contest) -> None:
    """About half of all who entered get the senior level or more, as in 2022 (R4.09)."""
    query = select(func.count()).select_from(LevelGrant).join(Revision).join(Event)
    query = query.where(Event.contest_id == contest.id, LevelGrant.level <= 3)
    count = db.session.scalar(query.where(Revision.state == RevisionState.SIGNED)) or 0
    assert 2_250 <= count <= 2_650


def check_changed_mark(event: Event) -> None:
    """A winner's theory mark was wrong: the awards move, and the sum of the plan stays."""
    old = present_revision(event.id)
    winner = select(Award.entry_id).where(Award.revision_id == old.id).order_by(Award.tier_order)
    work = select(Work.id).where(Work.entry_id == db.session.scalars(winner).first())
    marks = select(Mark).join(Sheet).where(Sheet.work_id.in_(work), Mark.aspect == "theory_mark")
    for mark in db.session.scalars(marks):
        mark.value = Decimal(0)
    event.state = EventState.REVIEW
    db.session.commit()
    organizer = db.session.scalars(select(Account).where(Account.username == "organizer")).one()
    new = db.session.get_one(Revision, results.compute(Actor(organizer.id, NOW), event.id))
    moved = results_moves.compare_revisions(new, old.id).awards
    gains = [line.movement.gain for line in moved]
    assert len(moved) >= 2 and min(gains) < 0 < max(gains)
    plan, _ = rules_of(new)
    assert total(AwardShare.amount, new) == planned(plan, new)
    assert sum(gains) == total(AwardShare.amount, new) - total(AwardShare.amount, old)
    assert results_superseded.is_superseded(old.id) and results.is_intact(old)


def test_plan_dry_run_shares_and_payments_agree_to_the_cent(app: object) -> None:
    demo.build("full", NOW, "hash", say=quiet)
    contest = full_edition()
    shared = Decimal(0)
    for event in contest.events:
        revision = present_revision(event.id)
        plan, edition = rules_of(revision)
        trial = awards_trials.try_plan(event.id, plan, edition)
        assert trial.moved == [], event.title
        costs = sum(awards_budget.revision_costs(revision.id).values(), Decimal(0))
        amount = total(AwardShare.amount, revision)
        assert trial.before == trial.after == costs == amount == planned(plan, revision)
        assert sum(sum_ for _, _, sum_ in trial.tiers) == amount
        assert results.is_intact(revision)
        shared += amount
    payments = awards.list_payments(None, contest.id)
    assert payments.gross == shared > 0
    prices = [one.price for one in payouts_dues.read_dues(contest.id)]
    for name in ("gross", "tax", "net"):
        assert sum(getattr(one, name) for one in prices) == getattr(payments, name)
    honours = select(func.count()).select_from(AwardHonour).join(Award).join(Revision)
    assert db.session.scalar(honours.where(AwardHonour.granted_by != ""))
    check_orders(contest, shared)
    check_levels(contest)
    check_changed_mark(contest.events[0])
