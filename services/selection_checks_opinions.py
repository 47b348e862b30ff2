"""Opinions of other bodies before the decision (R5.09): asked by letter, answered, dealt with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionOpinion
from rules.refusals import Missing, Refused, check_reason
from rules.selection_rounds import Opinion, RoundRules
from rules.selections import ApplicationState, OpinionAnswer, OpinionDealing
from rules.texts import N_
from services import audits, selection_checks_messages, selections
from services.acting import Actor
from services.selection_applications import lock_application, move_application
from services.selection_checks_bodies import GOING, refuse_own
from services.transaction import transaction

ASKABLE = (
    ApplicationState.CHECKING,
    ApplicationState.RETURNED,
    ApplicationState.QUALIFIED,
    ApplicationState.CHOSEN,
)
STOPPABLE = ASKABLE[:3]
LONGEST_LETTER, LONGEST_NOTE = 80, 2000


@dataclass(frozen=True)
class Letter:
    """A letter to a body: its number, its day, and until when it is to be answered."""

    body: str
    number: str
    asked_on: date
    due_on: date


def opinion_of(rules: RoundRules, body: str) -> Opinion:
    """Return the rule of a body that is asked; raise Missing."""
    for one in rules.opinions:
        if one.key == body:
            return one
    raise Missing(body)


@transaction
def ask_opinions(by: Actor, round_id: int, letter: Letter, application_ids: Sequence[int]) -> int:
    """Ask a body about candidates by one letter; return how many they are."""
    round_ = selections.lock_round(round_id)
    opinion_of(selections.rules_of(round_), letter.body)
    _check_letter(by, letter)
    wanted = sorted(set(application_ids))
    if not wanted:
        raise Refused(N_("Choose at least one candidate."), "applications")
    if round_.state not in GOING:
        raise Refused(N_("The checks of this round are over."))
    _check_candidates(round_id, letter.body, wanted)
    db.session.add_all(
        SelectionOpinion(
            application_id=one,
            body=letter.body,
            letter=letter.number,
            asked_on=letter.asked_on,
            due_on=letter.due_on,
            answer=OpinionAnswer.NONE,
            asked_by_id=by.account_id,
        )
        for one in wanted
    )
    after = {"body": letter.body, "letter": letter.number, "due_on": letter.due_on}
    audits.record(
        by, "ask_opinions", "selection_round", round_id, after=after | {"applications": wanted}
    )
    return len(wanted)


def _check_letter(by: Actor, letter: Letter) -> None:
    if not letter.number.strip() or len(letter.number) > LONGEST_LETTER:
        raise Refused(N_("Enter the number of the letter."), "number")
    if letter.asked_on > by.today:
        raise Refused(N_("This day lies in the future."), "asked_on")
    if letter.due_on < letter.asked_on:
        raise Refused(N_("The last day lies before the first."), "due_on")


def _check_candidates(round_id: int, body: str, wanted: Sequence[int]) -> None:
    query = select(SelectionApplication.id).where(
        SelectionApplication.round_id == round_id,
        SelectionApplication.id.in_(wanted),
        SelectionApplication.state.in_(ASKABLE),
    )
    if set(db.session.scalars(query)) != set(wanted):
        raise Refused(N_("Only candidates that are being checked or reviewed are asked about."))
    asked = select(SelectionOpinion.id).where(
        SelectionOpinion.application_id.in_(wanted), SelectionOpinion.body == body
    )
    if db.session.scalar(asked.limit(1)) is not None:
        raise Refused(N_("This body was asked about one of them already."), "applications")


@transaction
def record_answer(
    by: Actor, opinion_id: int, answer: OpinionAnswer, answered_on: date, note: str = ""
) -> int:
    """Record what a body answered about one candidate, or correct it."""
    row = _locked(by, opinion_id)
    if row.dealing is not None:
        raise Refused(N_("This objection is being dealt with; its answer stays as it is."))
    _check_answer(by, row, answer, answered_on, note)
    before = {"answer": row.answer}
    row.answer, row.answered_on = answer, answered_on
    row.note, row.recorded_by_id = note.strip() or None, by.account_id
    after = {"answer": answer, "answered_on": answered_on, "body": row.body}
    audits.record(by, "record_answer", "selection_opinion", row.id, before=before, after=after)
    return row.id


def _check_answer(
    by: Actor, row: SelectionOpinion, answer: OpinionAnswer, answered_on: date, note: str
) -> None:
    if answer is OpinionAnswer.NONE:
        raise Refused(N_("Choose what was answered."), "answer")
    if not row.asked_on <= answered_on <= by.today:
        raise Refused(N_("The answer came between the letter and today."), "answered_on")
    if answer is OpinionAnswer.OBJECTION and not note.strip():
        raise Refused(N_("Write what the body objects to."), "note")
    if len(note) > LONGEST_NOTE:
        raise Refused(N_("This text is too long."), "note")


@transaction
def record_rest(by: Actor, round_id: int, body: str, letter: str, answered_on: date) -> int:
    """Record that a body has no objection to all others of a letter; return how many they are."""
    round_ = selections.lock_round(round_id)
    opinion_of(selections.rules_of(round_), body)
    rows = [row for row in _of_letter(round_id, body, letter) if row.answer is OpinionAnswer.NONE]
    if not rows:
        raise Refused(N_("All are answered already."))
    for row in rows:
        _check_answer(by, row, OpinionAnswer.NO_OBJECTION, answered_on, "")
        row.answer, row.answered_on = OpinionAnswer.NO_OBJECTION, answered_on
        row.recorded_by_id = by.account_id
    after = {"body": body, "letter": letter, "answered_on": answered_on}
    after |= {"opinions": [row.id for row in rows]}
    audits.record(by, "record_rest", "selection_round", round_id, after=after)
    return len(rows)


def _of_letter(round_id: int, body: str, letter: str) -> Sequence[SelectionOpinion]:
    query = (
        select(SelectionOpinion)
        .join(SelectionOpinion.application)
        .where(
            SelectionApplication.round_id == round_id,
            SelectionOpinion.body == body,
            SelectionOpinion.letter == letter,
        )
        .order_by(SelectionOpinion.id)
        .with_for_update(of=SelectionOpinion)
    )
    return db.session.scalars(query).all()


@transaction
def take_back_letter(by: Actor, round_id: int, body: str, letter: str) -> int:
    """Take a letter back that nobody has answered, such as one with a wrong number."""
    selections.lock_round(round_id)
    rows = _of_letter(round_id, body, letter)
    if not rows:
        raise Missing(round_id)
    if any(row.answer is not OpinionAnswer.NONE for row in rows):
        raise Refused(N_("This letter is answered in part; it stays."))
    before = {"body": body, "letter": letter, "number": len(rows)}
    for row in rows:
        db.session.delete(row)
    audits.record(by, "take_back_letter", "selection_round", round_id, before=before)
    return round_id


@transaction
def propose_dealing(by: Actor, opinion_id: int, dealing: OpinionDealing, *, reason: str) -> int:
    """Propose what becomes of an application after an objection."""
    check_reason(reason)
    row = _locked(by, opinion_id)
    if row.answer is not OpinionAnswer.OBJECTION:
        raise Refused(N_("Nobody has objected here."))
    if row.agreed_by_id is not None:
        raise Refused(N_("This objection is dealt with already."))
    row.dealing, row.dealing_reason = dealing, reason.strip()
    row.dealt_at, row.dealt_by_id = by.now, by.account_id
    after = {"dealing": dealing, "body": row.body}
    audits.record(by, "propose_dealing", "selection_opinion", row.id, after=after)
    return row.id


@transaction
def agree_dealing(by: Actor, opinion_id: int) -> int:
    """Agree, as a second person, how an objection is dealt with; a stop refuses the application."""
    row = _proposed(by, opinion_id)
    row.agreed_at, row.agreed_by_id = by.now, by.account_id
    after = {"dealing": row.dealing, "body": row.body}
    audits.record(by, "agree_dealing", "selection_opinion", row.id, after=after)
    if row.dealing is OpinionDealing.STOP:
        _stop(by, row)
    return row.id


@transaction
def reject_dealing(by: Actor, opinion_id: int) -> int:
    """Reject, as a second person, how an objection shall be dealt with; it waits again."""
    row = _proposed(by, opinion_id)
    before = {"dealing": row.dealing, "body": row.body}
    row.dealing = row.dealing_reason = row.dealt_at = row.dealt_by_id = None
    audits.record(by, "reject_dealing", "selection_opinion", row.id, before=before)
    return row.id


def _proposed(by: Actor, opinion_id: int) -> SelectionOpinion:
    row = _locked(by, opinion_id)
    if row.dealing is None or row.agreed_by_id is not None:
        raise Refused(N_("Nothing is proposed here."))
    if row.dealt_by_id == by.account_id:
        raise Refused(N_("Somebody else than who proposed it decides."))
    return row


def _stop(by: Actor, row: SelectionOpinion) -> None:
    application = lock_application(row.application_id)
    if application.state not in STOPPABLE:
        raise Refused(N_("It stands on a proposal already; take that back first."))
    reason = STOPPED % opinion_of(selections.rules_of(application.round), row.body).title
    move_application(by, application, ApplicationState.REFUSED, "refuse", reason)
    selection_checks_messages.tell_refused(by, application, reason)


# Stands in the application as its reason, in the words of the office.
STOPPED = "征求意见单位（%s）提出异议"


def _locked(by: Actor, opinion_id: int) -> SelectionOpinion:
    row = db.session.get(SelectionOpinion, opinion_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(opinion_id)
    refuse_own(by, row.application)
    return row
