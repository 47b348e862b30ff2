"""Pages of the limits: their versions, a proposal, and the decision of a second person."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.mentorships.forms import ReasonForm
from blueprints.mentorships.limit_forms import LimitsForm
from blueprints.mentorships.views import blueprint, check_bureau
from blueprints.web import attempt, attempt_button, today
from rules.acts import Act
from rules.mentorships import MentorshipLimits
from services import mentorships_parts, mentorships_rules
from services.acting import Actor


@blueprint.get("/mentorships/rules")
@allows(Act.SEE_MENTORSHIP_RULES)
def list_rules() -> ResponseReturnValue:
    """Show the limits that hold today, and all versions."""
    return _page(ReasonForm(formdata=None))


def _page(reject: ReasonForm) -> str:
    current = mentorships_parts.rules_on(today())
    versions = mentorships_rules.list_rules()
    return render_template(
        "mentorships/list_rules.html",
        current=current,
        limits=mentorships_parts.limits_of(current),
        versions=[(one, mentorships_rules.limits_as_data(one)) for one in versions],
        reject=reject,
    )


@blueprint.route("/mentorships/rules/new", methods=["GET", "POST"])
@allows(Act.EDIT_MENTORSHIP_RULES)
def propose_rules() -> ResponseReturnValue:
    """Propose limits from a day on."""
    check_bureau()
    form = LimitsForm()
    if form.validate_on_submit():
        if attempt(form, _propose, form):
            flash(gettext("Proposed. The limits hold once somebody else approves them."), "success")
            return redirect(url_for(".list_rules"), 303)
    elif not form.is_submitted():
        current = mentorships_parts.limits_of(mentorships_parts.rules_on(today()))
        form.show(current, today())
    page = render_template("mentorships/propose_rules.html", form=form, usual=MentorshipLimits())
    return page, 422 if form.is_submitted() else 200


def _propose(by: Actor, form: LimitsForm) -> int:
    assert form.from_on.data is not None
    basis = form.basis.data or ""
    return mentorships_rules.propose_rules(by, form.from_on.data, form.limits(), basis)


@blueprint.post("/mentorships/rules/<int:mentorship_rules_id>/approve")
@allows(Act.EDIT_MENTORSHIP_RULES)
def approve_rules(mentorship_rules_id: int) -> ResponseReturnValue:
    """Put limits into force, as a second person."""
    if attempt_button(mentorships_rules.approve_rules, mentorship_rules_id):
        flash(gettext("The limits are approved."), "success")
    return redirect(url_for(".list_rules"), 303)


@blueprint.post("/mentorships/rules/<int:mentorship_rules_id>/reject")
@allows(Act.EDIT_MENTORSHIP_RULES)
def reject_rules(mentorship_rules_id: int) -> ResponseReturnValue:
    """Reject proposed limits."""
    form = ReasonForm()
    act = mentorships_rules.reject_rules
    reason = form.reason.data or ""
    if form.validate() and attempt(form, act, mentorship_rules_id, reason=reason):
        return redirect(url_for(".list_rules"), 303)
    return _page(form), 422
