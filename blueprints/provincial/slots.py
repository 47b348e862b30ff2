"""Pages of one place: its people and coaches, training, result; giving up, changes of the form."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.events import known_people
from blueprints.provincial.forms import CoachForm
from blueprints.provincial.result_forms import ChangeForm
from blueprints.provincial.views import blueprint
from blueprints.web import attempt, attempt_button, files_dir
from rules.acts import Act
from rules.provincial import SlotState
from rules.provincial_marks import mean_of, places_of
from services import (
    provincial,
    provincial_camps,
    provincial_delegations_changes,
    provincial_results,
    provincial_slots,
)
from services.attachments import Upload


@blueprint.get("/provincial-slots/<int:provincial_slot_id>")
@allows(Act.SEE_PROVINCIAL)
def show_slot(provincial_slot_id: int) -> ResponseReturnValue:
    """Show a candidate or entrant: people, coaches, training, result."""
    return _page(provincial_slot_id, CoachForm())


def _page(slot_id: int, form: CoachForm) -> str:
    slot = provincial_slots.get_slot(slot_id)
    form.offer(slot.coaches)
    marks = provincial_camps.marks_of(provincial_camps.list_tests([slot.event_id])).get(slot_id, [])
    return render_template(
        "provincial/show_slot.html",
        slot=slot,
        contest=slot.event.contest,
        form=form,
        marks=marks,
        places=places_of(marks, 364, 150),
        mean=mean_of(marks),
        days=provincial_camps.days_of([slot_id]).get(slot_id, 0),
        notes=provincial_camps.list_notes_about(slot_id),
        states=SlotState,
    )


def _back(slot_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_slot", provincial_slot_id=slot_id), 303)


@blueprint.post("/provincial-slots/<int:provincial_slot_id>/coaches")
@allows(Act.EDIT_PROVINCIAL)
def set_coaches(provincial_slot_id: int) -> ResponseReturnValue:
    """Name who trains a candidate."""
    form = CoachForm()
    form.offer(provincial_slots.get_slot(provincial_slot_id).coaches)
    if form.validate():
        more = known_people(form, "coach_numbers")
        coaches = [*(form.kept.data or []), *(more or [])]
        act = provincial_slots.set_coaches
        if more is not None and attempt(form, act, provincial_slot_id, coaches):
            flash(gettext("Saved."), "success")
            return _back(provincial_slot_id)
    return _page(provincial_slot_id, form), 422


def _with_reason(act: Any, slot_id: int) -> ResponseReturnValue:
    if attempt_button(act, slot_id, reason=request.form.get("reason", "").strip()):
        flash(gettext("Saved."), "success")
    return _back(slot_id)


@blueprint.post("/provincial-slots/<int:provincial_slot_id>/give-up")
@allows(Act.EDIT_PROVINCIAL)
def give_up(provincial_slot_id: int) -> ResponseReturnValue:
    """Take a candidate out before the form is sent."""
    return _with_reason(provincial_slots.give_up, provincial_slot_id)


@blueprint.post("/provincial-slots/<int:provincial_slot_id>/bring-back")
@allows(Act.EDIT_PROVINCIAL)
def bring_back(provincial_slot_id: int) -> ResponseReturnValue:
    """Take somebody who gave up as a candidate again."""
    return _with_reason(provincial_slots.bring_back, provincial_slot_id)


@blueprint.post("/provincial-slots/<int:provincial_slot_id>/absence")
@allows(Act.EDIT_PROVINCIAL)
def record_absence(provincial_slot_id: int) -> ResponseReturnValue:
    """Record that an entry did not start."""
    return _with_reason(provincial_results.record_absence, provincial_slot_id)


@blueprint.post("/provincial-slots/<int:provincial_slot_id>/take-back")
@allows(Act.EDIT_PROVINCIAL)
def take_back(provincial_slot_id: int) -> ResponseReturnValue:
    """Take a result or an absence back, with the titles that came of it."""
    return _with_reason(provincial_results.take_back, provincial_slot_id)


@blueprint.route("/provincial-slots/<int:provincial_slot_id>/change", methods=["GET", "POST"])
@allows(Act.EDIT_PROVINCIAL)
def change_entry(provincial_slot_id: int) -> ResponseReturnValue:
    """Change an entry that was sent: the next numbered form is made and frozen."""
    slot = provincial_slots.get_slot(provincial_slot_id)
    form = ChangeForm()
    form.offer(provincial_slots.list_slots([slot.event_id], (SlotState.RESERVE,)))
    if form.validate_on_submit():
        file = form.proof.data
        proof = Upload(file.filename or "", file.read()) if file else None
        act = provincial_delegations_changes.change_entry
        if attempt(form, act, form.wish(slot.id), proof, files_dir()):
            flash(gettext("The change is kept as the next form."), "success")
            address = url_for(".show_form", provincial_contest_id=slot.event.contest_id)
            return redirect(address, 303)
    page = render_template(
        "provincial/change_entry.html",
        slot=slot,
        contest=slot.event.contest,
        form=form,
        rules=provincial.rules_of(slot.event.contest),
    )
    return page, 422 if form.is_submitted() else 200
