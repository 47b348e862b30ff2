"""The arbitration group: takes an appeal, hears, votes, rules; and what becomes of a ruling."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.appeals import Appeal, HearingNote, Ruling, Vote
from models.contests import Event
from models.database import db
from models.entries import EntryMember
from models.judging import PanelSeat
from rules.access import Place
from rules.appeals import Effect, Outcome, Verdict, conflict, effect_problem, verdict
from rules.refusals import Missing, Refused
from rules.states import APPEAL_MOVES, AppealState, moved
from rules.texts import N_
from services import accounts, audits, contests
from services.acting import Actor
from services.appeals import LONGEST, SHORTEST, lock_appeal
from services.appeals_holds import number_of
from services.draws import lock_event
from services.transaction import transaction

LONGEST_ORDER = 400


@transaction
def take(by: Actor, appeal_id: int) -> int:
    """Take up an appeal: from now on the group hears it."""
    appeal, event = lock_appeal(appeal_id)
    _check_member(by, appeal)
    appeal.state = moved(APPEAL_MOVES, appeal.state, AppealState.HEARING)
    _record(by, "take", event, appeal)
    return appeal_id


@transaction
def add_note(by: Actor, appeal_id: int, text: str) -> int:
    """Write down what a hearing said; a note is never changed."""
    appeal, event = lock_appeal(appeal_id)
    member = _check_member(by, appeal)
    _check_hearing(appeal)
    if not text.strip() or len(text) > LONGEST:
        raise Refused(N_("Write between 1 and %(most)s characters."), "text", most=LONGEST)
    note = HearingNote(
        appeal_id=appeal_id, text=text.strip(), written_at=by.now, written_by_id=member.id
    )
    db.session.add(note)
    _record(by, "hear", event, appeal)
    return appeal_id


@transaction
def cast_vote(by: Actor, appeal_id: int, outcome: Outcome) -> int:
    """Cast or change one's own vote while the appeal is heard."""
    appeal, event = lock_appeal(appeal_id)
    member = _check_member(by, appeal)
    _check_hearing(appeal)
    own = [vote for vote in votes_of(appeal_id) if vote.account_id == member.id]
    if any(vote.stage < appeal.stage for vote in own):
        raise Refused(N_("Whoever voted in the first stage cannot vote in the second."))
    if own:
        own[0].outcome, own[0].cast_at = outcome, by.now
    else:
        vote = Vote(
            appeal_id=appeal_id,
            stage=appeal.stage,
            account_id=member.id,
            outcome=outcome,
            cast_at=by.now,
        )
        db.session.add(vote)
    # How somebody voted is the group's own affair; that he did is not.
    _record(by, "vote", event, appeal)
    return appeal_id


@dataclass(frozen=True)
class Decided:
    """The reasons of a ruling, and what it changes."""

    reasons: str
    effect: Effect = Effect.NONE
    order: str = ""


@transaction
def rule(by: Actor, appeal_id: int, decided: Decided) -> int:
    """Write the ruling that the votes give; return the ruling's id."""
    appeal, event = lock_appeal(appeal_id)
    member = _check_member(by, appeal)
    _check_hearing(appeal)
    votes = [vote for vote in votes_of(appeal_id) if vote.stage == appeal.stage]
    if member.id not in {vote.account_id for vote in votes}:
        raise Refused(N_("Vote first; then write the ruling."))
    found = verdict(
        [vote.outcome for vote in votes], contests.rules_of(event.contest).day.appeal_votes
    )
    _check_decided(decided, found)
    ruling = Ruling(
        appeal_id=appeal_id,
        event_id=event.id,
        stage=appeal.stage,
        outcome=found.outcome,
        reasons=decided.reasons.strip(),
        effect=decided.effect,
        order=decided.order.strip(),
        votes_for=found.votes_for,
        votes_cast=found.votes_cast,
        ruled_at=by.now,
        ruled_by_id=member.id,
    )
    appeal.state = moved(APPEAL_MOVES, appeal.state, AppealState.RULED)
    db.session.add(ruling)
    db.session.flush()
    _record(by, "rule_appeal", event, appeal, outcome=found.outcome, effect=decided.effect)
    return ruling.id


def _check_decided(decided: Decided, found: Verdict) -> None:
    if not SHORTEST <= len(decided.reasons.strip()) <= LONGEST:
        raise Refused(N_("Give the reasons of the ruling."), "reasons")
    if len(decided.order) > LONGEST_ORDER:
        raise Refused(N_("The text is too long."), "order")
    problem = effect_problem(found.outcome, decided.effect, decided.order)
    if problem is not None:
        raise problem


@transaction
def carry_out(by: Actor, ruling_id: int, note: str) -> int:
    """Record that a ruling was carried out and how; return the event's id.

    The result itself changes only in a new revision, which then names the appeal.
    """
    event = lock_event(event_of(ruling_id))
    ruling = db.session.get_one(Ruling, ruling_id, with_for_update=True, populate_existing=True)
    if ruling.effect is Effect.NONE:
        raise Refused(N_("This ruling changes nothing."))
    if ruling.done_at is not None:
        raise Refused(N_("This ruling is carried out already."))
    if not note.strip() or len(note) > LONGEST_ORDER:
        raise Refused(N_("Write what was done."), "note")
    ruling.done_at, ruling.done_by_id, ruling.done_note = by.now, by.account_id, note.strip()
    number = number_of(event, ruling.appeal.number)
    after = {"number": number, "effect": ruling.effect, "remark": note.strip()}
    audits.record(by, "carry_out", "ruling", ruling_id, contest_id=event.contest_id, after=after)
    return event.id


def event_of(ruling_id: int) -> int:
    """Return the event of a ruling; raise Missing."""
    event_id = db.session.scalar(select(Ruling.event_id).where(Ruling.id == ruling_id))
    if event_id is None:
        raise Missing(ruling_id)
    return event_id


def member_problem(account: Account, appeal: Appeal) -> Refused | None:
    """Say why an account cannot decide an appeal, or None."""
    seats = select(PanelSeat.id).where(
        PanelSeat.event_id == appeal.event_id, PanelSeat.account_id == account.id
    )
    members = select(EntryMember.person_id).where(EntryMember.entry_id == appeal.entry_id)
    return conflict(
        account.holder(),
        Place(contest_id=appeal.event.contest_id, event_id=appeal.event_id),
        seated=db.session.scalar(seats.limit(1)) is not None,
        employer_id=appeal.entry.employer_id,
        persons=frozenset(db.session.scalars(members)),
    )


def _check_member(by: Actor, appeal: Appeal) -> Account:
    if by.account_id is None:
        raise Missing(by.account_id)
    account = accounts.get_account(by.account_id)
    problem = member_problem(account, appeal)
    if problem is not None:
        raise problem
    return account


def _check_hearing(appeal: Appeal) -> None:
    if appeal.state is not AppealState.HEARING:
        raise Refused(N_("Take up the appeal first; it is not being heard."))


def _record(by: Actor, action: str, event: Event, appeal: Appeal, **more: object) -> None:
    after = {"number": number_of(event, appeal.number), "stage": appeal.stage} | more
    audits.record(by, action, "appeal", appeal.id, contest_id=event.contest_id, after=after)


def votes_of(appeal_id: int) -> Sequence[Vote]:
    """List the votes on an appeal, the latest stage first."""
    query = select(Vote).options(joinedload(Vote.account).lazyload(Account.grants))
    query = query.where(Vote.appeal_id == appeal_id)
    return db.session.scalars(query.order_by(Vote.stage.desc(), Vote.id)).all()


def notes_of(appeal_id: int) -> Sequence[HearingNote]:
    """List what was written down at the hearings, the newest first."""
    query = select(HearingNote).options(joinedload(HearingNote.author).lazyload(Account.grants))
    query = query.where(HearingNote.appeal_id == appeal_id)
    return db.session.scalars(query.order_by(HearingNote.id.desc())).all()
