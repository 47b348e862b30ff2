"""Pages on which a running pair changes: pause, break-off, transfer, amendment."""

from typing import Any

from flask import abort, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.mentorships.drafting import back
from blueprints.mentorships.forms import (
    AmendmentForm,
    BreakForm,
    DayForm,
    PauseForm,
    TransferForm,
)
from blueprints.mentorships.views import blueprint, pair_page, told_apart
from blueprints.web import attempt, attempt_button, today
from rules.acts import Act
from rules.mentorships import MentorshipState, Party
from services import (
    mentorships_amendments,
    mentorships_parts,
    mentorships_people,
    mentorships_terms,
)


@blueprint.post("/mentorships/<int:mentorship_id>/pause")
@allows(Act.EDIT_MENTORSHIP)
def pause(mentorship_id: int) -> ResponseReturnValue:
    """Let a pair rest."""
    form = PauseForm()
    told_apart(form, "pause")
    more: dict[str, Any] = {"reason": form.reason.data or ""}
    act = mentorships_terms.pause
    if form.validate() and attempt(form, act, mentorship_id, form.day(), **more):
        return back(mentorship_id)
    return pair_page(mentorship_id, {"pause": form}), 422


@blueprint.post("/mentorships/<int:mentorship_id>/resume")
@allows(Act.EDIT_MENTORSHIP)
def resume(mentorship_id: int) -> ResponseReturnValue:
    """Let a paused pair go on."""
    form = DayForm()
    told_apart(form, "resume")
    act = mentorships_terms.resume
    if form.validate() and attempt(form, act, mentorship_id, form.day()):
        return back(mentorship_id)
    return pair_page(mentorship_id, {"resume": form}), 422


@blueprint.post("/mentorships/<int:mentorship_id>/break-off")
@allows(Act.EDIT_MENTORSHIP)
def break_off(mentorship_id: int) -> ResponseReturnValue:
    """Break a running pair off."""
    form = BreakForm()
    told_apart(form, "break")
    reason = form.reason.data or ""
    if form.validate():
        party = Party(form.ended_by.data)
        if attempt(form, mentorships_terms.break_off, mentorship_id, party, reason=reason):
            flash(gettext("The mentorship is broken off."), "success")
            return back(mentorship_id)
    return pair_page(mentorship_id, {"break": form}), 422


@blueprint.route("/mentorships/<int:mentorship_id>/transfer", methods=["GET", "POST"])
@allows(Act.EDIT_MENTORSHIP)
def transfer(mentorship_id: int) -> ResponseReturnValue:
    """Hand an apprentice over to another mentor."""
    row = mentorships_parts.get_pair(mentorship_id)
    if row.state not in (MentorshipState.RUNNING, MentorshipState.PAUSED):
        abort(404)
    form = TransferForm(starts_on=today(), ends_on=row.ends_on)
    if form.validate_on_submit():
        act = mentorships_people.transfer_typed
        reason = form.reason.data or ""
        done = attempt(form, act, mentorship_id, form.mentor(), form.transfer(), reason=reason)
        if done:
            flash(gettext("Handed over. The new agreement waits for its signatures."), "success")
            return back(done.id)
    page = render_template("mentorships/transfer.html", form=form, row=row)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/mentorships/<int:mentorship_id>/amendment", methods=["GET", "POST"])
@allows(Act.EDIT_MENTORSHIP)
def propose_amendment(mentorship_id: int) -> ResponseReturnValue:
    """Propose a change of a running agreement on its form."""
    row = mentorships_parts.get_pair(mentorship_id)
    if row.state is not MentorshipState.RUNNING:
        abort(404)
    text = mentorships_parts.text_of(row)
    form = AmendmentForm(obj=text)
    if form.validate_on_submit():
        act, reason = mentorships_amendments.propose_amendment, form.reason.data or ""
        if attempt(form, act, mentorship_id, form.change(), reason=reason):
            flash(gettext("The amendment waits for its three signatures."), "success")
            return back(mentorship_id)
    elif not form.is_submitted():
        form.reason.data = ""
    form.spare()
    page = render_template("mentorships/propose_amendment.html", form=form, row=row)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/mentorships/<int:mentorship_id>/amendment/withdraw")
@allows(Act.EDIT_MENTORSHIP)
def withdraw_amendment(mentorship_id: int) -> ResponseReturnValue:
    """Withdraw the open amendment."""
    if attempt_button(mentorships_amendments.withdraw_amendment, mentorship_id):
        flash(gettext("The amendment is withdrawn; the agreement stays as it was."), "success")
    return back(mentorship_id)
