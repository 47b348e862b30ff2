"""Clauses set aside for one application, by two people."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.selection_checks.acting import back
from blueprints.selection_checks.forms import OverrideForm, ReasonForm
from blueprints.selection_checks.views import blueprint, own_account, step_page, told_apart
from blueprints.web import attempt, attempt_button
from rules.acts import Act
from services import selection_checks_lists, selection_checks_overrides


@blueprint.post("/selection-checks/<int:selection_step_id>/overrides")
@allows(Act.SET_CLAUSE_ASIDE)
def propose_override(selection_step_id: int) -> ResponseReturnValue:
    """Propose that a clause is set aside."""
    form = OverrideForm()
    dossier = selection_checks_lists.get_dossier(own_account(), selection_step_id)
    form.offer(dossier)
    told_apart(form, "override")
    key, clause = dossier.application.id, form.clause.data
    if form.validate():
        act = selection_checks_overrides.propose_override
        if attempt(form, act, key, clause, reason=form.reason.data or ""):
            flash(gettext("Proposed; a second person decides."), "success")
            return back(selection_step_id, "clauses")
    return step_page(selection_step_id, {"override": form}), 422


@blueprint.post(
    "/selection-checks/<int:selection_step_id>/overrides/<int:selection_override_id>/agree"
)
@allows(Act.SET_CLAUSE_ASIDE)
def agree_override(selection_step_id: int, selection_override_id: int) -> ResponseReturnValue:
    """Agree as a second person."""
    if attempt_button(selection_checks_overrides.agree_override, selection_override_id):
        flash(gettext("The clause is set aside for this application."), "success")
    return back(selection_step_id, "clauses")


@blueprint.post(
    "/selection-checks/<int:selection_step_id>/overrides/<int:selection_override_id>/reject"
)
@allows(Act.SET_CLAUSE_ASIDE)
def reject_override(selection_step_id: int, selection_override_id: int) -> ResponseReturnValue:
    """Reject as a second person."""
    form = told_apart(ReasonForm(), "reject")
    assert isinstance(form, ReasonForm)
    act = selection_checks_overrides.reject_override
    if form.validate() and attempt(form, act, selection_override_id, reason=form.reason.data or ""):
        flash(gettext("Rejected."), "success")
        return back(selection_step_id, "clauses")
    return step_page(selection_step_id, {"reject": form}), 422
