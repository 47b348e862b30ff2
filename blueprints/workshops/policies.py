"""Rules for workshops as dated data: written by one, approved by another."""

import json

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.web import attempt, attempt_button, today
from blueprints.workshops.forms import PolicyForm
from blueprints.workshops.views import blueprint
from rules.acts import Act
from rules.refusals import Refused
from rules.workshop_policies import shipped_policy
from services import workshops_policies


@blueprint.get("/workshops/policies")
@allows(Act.EDIT_WORKSHOP_POLICY)
def list_policies() -> ResponseReturnValue:
    """List the rules with the day from which they count."""
    return render_template("workshops/list_policies.html", rows=workshops_policies.list_policies())


@blueprint.get("/workshops/policies/<int:workshop_policy_id>")
@allows(Act.EDIT_WORKSHOP_POLICY)
def show_policy(workshop_policy_id: int) -> ResponseReturnValue:
    """Show rules in words and as data."""
    row = workshops_policies.get_policy(workshop_policy_id)
    return render_template(
        "workshops/show_policy.html",
        row=row,
        policy=workshops_policies.rules_of(row),
        data=json.dumps(row.rules, ensure_ascii=False, indent=2),
    )


@blueprint.route("/workshops/policies/new", methods=["GET", "POST"])
@allows(Act.EDIT_WORKSHOP_POLICY)
def write_policy() -> ResponseReturnValue:
    """Write new rules, beginning with those in force or those that ship."""
    form = PolicyForm()
    if not form.is_submitted():
        form.rules.data = json.dumps(_present(), ensure_ascii=False, indent=2)
    elif form.validate():
        rules = _read(form)
        if rules is not None:
            done = attempt(
                form,
                workshops_policies.write_policy,
                form.title.data or "",
                form.document.data or "",
                form.starts_on.data or today(),
                rules,
            )
            if done:
                flash(gettext("Written. Somebody else approves it."), "success")
                return redirect(url_for(".show_policy", workshop_policy_id=done.id), 303)
    page = render_template("workshops/write_policy.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _present() -> object:
    try:
        return workshops_policies.policy_on(today()).rules
    except Refused:
        return shipped_policy().model_dump(mode="json")


def _read(form: PolicyForm) -> dict[str, object] | None:
    try:
        found = json.loads(form.rules.data or "")
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    form.refuse(gettext("This is no readable JSON."), "rules")
    return None


@blueprint.post("/workshops/policies/<int:workshop_policy_id>/approve")
@allows(Act.EDIT_WORKSHOP_POLICY)
def approve_policy(workshop_policy_id: int) -> ResponseReturnValue:
    """Approve rules as a second person."""
    if attempt_button(workshops_policies.approve_policy, workshop_policy_id):
        flash(gettext("The rules are approved."), "success")
    return redirect(url_for(".show_policy", workshop_policy_id=workshop_policy_id), 303)


@blueprint.post("/workshops/policies/<int:workshop_policy_id>/discard")
@allows(Act.EDIT_WORKSHOP_POLICY)
def discard_policy(workshop_policy_id: int) -> ResponseReturnValue:
    """Discard rules that were not approved."""
    attempt_button(workshops_policies.discard_policy, workshop_policy_id)
    return redirect(url_for(".list_policies"), 303)
