"""Changes of leader: reported by the host, a successor proposed, agreed to by the bureau."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.web import attempt, attempt_button, today
from blueprints.workshops.forms import ChangeForm, ReasonForm, SuccessorForm
from blueprints.workshops.views import blueprint
from rules.acts import Act
from rules.workshops import ChangeKind
from services import workshops, workshops_changes


@blueprint.route("/workshops/<int:workshop_id>/leader", methods=["GET", "POST"])
@allows(Act.SEE_WORKSHOP)
def report_change(workshop_id: int) -> ResponseReturnValue:
    """Report that a workshop has lost its leader."""
    form = ChangeForm()
    if form.validate_on_submit() and form.happened_on.data is not None:
        kind, day = ChangeKind(form.kind.data), form.happened_on.data
        act = workshops_changes.report_change
        if attempt(form, act, workshop_id, kind, day, form.note.data or ""):
            flash(gettext("Reported. Propose who follows."), "success")
            return redirect(url_for(".show_workshop", workshop_id=workshop_id), 303)
    workshop = workshops.get_workshop(workshop_id)
    page = render_template("workshops/report_change.html", form=form, workshop=workshop)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/workshops/changes/<int:workshop_change_id>", methods=["GET", "POST"])
@allows(Act.SEE_WORKSHOP)
def propose_successor(workshop_change_id: int) -> ResponseReturnValue:
    """Propose who leads the workshop from now on."""
    change = workshops_changes.get_change(workshop_change_id)
    form = SuccessorForm(today())
    if form.validate_on_submit() and form.person is not None:
        act = workshops_changes.propose_successor
        if attempt(form, act, workshop_change_id, form.person, form.renown.data or ""):
            flash(gettext("Proposed. The bureau looks at it."), "success")
            return redirect(url_for(".show_workshop", workshop_id=change.workshop_id), 303)
        change = workshops_changes.get_change(workshop_change_id)
    page = render_template(
        "workshops/propose_successor.html",
        form=form,
        change=change,
        reason=ReasonForm(formdata=None),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/workshops/changes/<int:workshop_change_id>/settle")
@allows(Act.DECIDE_WORKSHOP)
def settle_change(workshop_change_id: int) -> ResponseReturnValue:
    """Agree to the successor."""
    change = workshops_changes.get_change(workshop_change_id)
    if attempt_button(workshops_changes.settle_change, workshop_change_id):
        flash(gettext("The workshop has a new leader."), "success")
    return redirect(url_for(".show_workshop", workshop_id=change.workshop_id), 303)


@blueprint.post("/workshops/changes/<int:workshop_change_id>/return")
@allows(Act.DECIDE_WORKSHOP)
def return_change(workshop_change_id: int) -> ResponseReturnValue:
    """Send a proposed successor back."""
    return _with_reason(workshop_change_id, closing=False)


@blueprint.post("/workshops/changes/<int:workshop_change_id>/close")
@allows(Act.DECIDE_WORKSHOP)
def close_without_leader(workshop_change_id: int) -> ResponseReturnValue:
    """Close a workshop for which no leader was found."""
    return _with_reason(workshop_change_id, closing=True)


def _with_reason(key: int, *, closing: bool) -> ResponseReturnValue:
    act = workshops_changes.close_without_leader if closing else workshops_changes.return_change
    change, form = workshops_changes.get_change(key), ReasonForm()
    if form.validate() and attempt(form, act, key, reason=form.reason.data or ""):
        return redirect(url_for(".show_workshop", workshop_id=change.workshop_id), 303)
    page = render_template(
        "workshops/propose_successor.html",
        form=SuccessorForm(today(), formdata=None),
        change=workshops_changes.get_change(key),
        reason=form,
    )
    return page, 422
