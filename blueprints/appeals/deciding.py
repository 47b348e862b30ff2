"""Pages of an event's appeals: the list with its deadlines, hearing, ruling, carrying out."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.appeals.forms import DoneForm, EndForm, NoteForm, RulingForm, VoteForm
from blueprints.appeals.views import appeal_page, blueprint
from blueprints.forms import ActForm
from blueprints.web import attempt, attempt_button, now, translated
from rules.acts import Act
from services import appeals, appeals_holds, appeals_rulings, contests
from services.appeals import Ending
from services.appeals_rulings import Decided


@blueprint.get("/events/<int:event_id>/appeals")
@allows(Act.SEE_APPEALS)
def list_appeals(event_id: int) -> ResponseReturnValue:
    """The appeals of an event by their deadline, and when the time for them ends."""
    end = appeals.find_end(event_id)
    form = EndForm(expected_at=end.expected_at, ended_at=end.ended_at) if end else EndForm()
    return _event_page(event_id, form)


def _event_page(event_id: int, form: EndForm) -> str:
    event = contests.get_event(event_id)
    window = appeals.window_of(event)
    problem, held = window.problem(), appeals_holds.result_problem(event)
    return render_template(
        "appeals/list_appeals.html",
        event=event,
        appeals=appeals.list_of_event(event_id),
        window=window,
        clock=contests.rules_of(event.contest).day.appeal_clock_start,
        problem=translated(problem) if problem else "",
        held=translated(held) if held else "",
        form=form,
        now=now(),
    )


@blueprint.post("/events/<int:event_id>/end")
@allows(Act.END_EVENT)
def end_event(event_id: int) -> ResponseReturnValue:
    """Record the expected and the real end of an event."""
    form = EndForm()
    if form.validate():
        ending = Ending(form.expected_at.instant, form.ended_at.instant)
        if attempt(form, appeals.end_event, event_id, ending):
            flash(gettext("The end of the event is recorded."), "success")
            return redirect(url_for(".list_appeals", event_id=event_id), 303)
    return _event_page(event_id, form), 422


@blueprint.post("/appeals/<int:appeal_id>/take")
@allows(Act.DECIDE_APPEAL)
def take(appeal_id: int) -> ResponseReturnValue:
    """Take up an appeal."""
    if attempt_button(appeals_rulings.take, appeal_id):
        flash(gettext("The group hears this appeal now."), "success")
    return _back(appeal_id)


@blueprint.post("/appeals/<int:appeal_id>/note")
@allows(Act.DECIDE_APPEAL)
def add_note(appeal_id: int) -> ResponseReturnValue:
    """Write down what a hearing said."""
    form = NoteForm()
    done = form.validate() and attempt(
        form, appeals_rulings.add_note, appeal_id, form.text.data or ""
    )
    return _answered(appeal_id, "note", form, done, gettext("The note is kept."))


@blueprint.post("/appeals/<int:appeal_id>/vote")
@allows(Act.DECIDE_APPEAL)
def cast_vote(appeal_id: int) -> ResponseReturnValue:
    """Cast or change one's own vote."""
    form = VoteForm()
    done = form.validate() and attempt(
        form, appeals_rulings.cast_vote, appeal_id, form.outcome.data
    )
    return _answered(appeal_id, "vote", form, done, gettext("Your vote is counted."))


@blueprint.post("/appeals/<int:appeal_id>/ruling")
@allows(Act.DECIDE_APPEAL)
def rule(appeal_id: int) -> ResponseReturnValue:
    """Write the ruling that the votes give."""
    form = RulingForm()
    done = None
    if form.validate():
        decided = Decided(form.reasons.data or "", form.effect.data, form.order.data or "")
        done = attempt(form, appeals_rulings.rule, appeal_id, decided)
    return _answered(appeal_id, "ruling", form, done, gettext("The ruling stands."))


def _answered(
    appeal_id: int, name: str, form: ActForm, done: Any, text: str
) -> ResponseReturnValue:
    if not done:
        return appeal_page(appeal_id, {name: form}), 422
    flash(text, "success")
    return _back(appeal_id)


def _back(appeal_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_appeal", appeal_id=appeal_id), 303)


@blueprint.get("/events/<int:event_id>/rulings")
@allows(Act.CARRY_OUT_RULING)
def list_rulings(event_id: int) -> ResponseReturnValue:
    """What the arbitration group ordered, without names: to be carried out, and carried out."""
    return _rulings_page(event_id, {})


def _done_form(ruling_id: int) -> DoneForm:
    return DoneForm(prefix=f"ruling-{ruling_id}-")


def _rulings_page(event_id: int, forms: dict[int, DoneForm]) -> str:
    event = contests.get_event(event_id)
    rulings = appeals_holds.orders_of(event_id)
    return render_template(
        "appeals/list_rulings.html",
        event=event,
        rulings=rulings,
        number_of=appeals_holds.number_of,
        forms={one.id: _done_form(one.id) for one in rulings} | forms,
    )


@blueprint.post("/rulings/<int:ruling_id>/done")
@allows(Act.CARRY_OUT_RULING)
def carry_out(ruling_id: int) -> ResponseReturnValue:
    """Record how a ruling was carried out."""
    form, event_id = _done_form(ruling_id), appeals_rulings.event_of(ruling_id)
    if form.validate() and attempt(
        form, appeals_rulings.carry_out, ruling_id, form.note.data or ""
    ):
        flash(gettext("The ruling is carried out."), "success")
        return redirect(url_for(".list_rulings", event_id=event_id), 303)
    return _rulings_page(event_id, {ruling_id: form}), 422
