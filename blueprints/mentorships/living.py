"""What mentor, apprentice and employer do while a pair lives: sign, confirm, object, accept."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.mentorships.drafting import back
from blueprints.mentorships.forms import (
    AcceptanceForm,
    EvidenceForm,
    MilestoneForm,
    MonthForm,
    ReasonForm,
    SignForm,
    WithdrawMonthForm,
)
from blueprints.mentorships.views import blueprint, pair_page, told_apart
from blueprints.web import acting, attempt, attempt_button, download, files_dir, today
from rules.acts import Act
from rules.mentorships import MentorshipState, Party
from services import (
    mentorships,
    mentorships_acceptance,
    mentorships_amendments,
    mentorships_files,
    mentorships_lists,
    mentorships_parts,
    mentorships_terms,
)
from services.attachments import Upload


def _party(text: str | None) -> Party:
    return Party(text) if text in set(Party) else abort(404)


def _signed(name: str, act: Callable[..., int], mentorship_id: int) -> ResponseReturnValue:
    form = SignForm()
    told_apart(form, name)
    if form.validate():
        party, name_typed = _party(form.party.data), form.name.data or ""
        if attempt(form, act, mentorship_id, party, name_typed, form.digest.data or ""):
            flash(gettext("Signed. The signature is recorded with its time."), "success")
            return back(mentorship_id)
    return pair_page(mentorship_id, {name: form}), 422


@blueprint.post("/mentorships/<int:mentorship_id>/sign")
@allows(Act.SIGN_MENTORSHIP)
def sign(mentorship_id: int) -> ResponseReturnValue:
    """Sign the agreement by typing one's name."""
    return _signed("sign", mentorships.sign, mentorship_id)


@blueprint.post("/mentorships/<int:mentorship_id>/amendment/sign")
@allows(Act.SIGN_MENTORSHIP)
def sign_amendment(mentorship_id: int) -> ResponseReturnValue:
    """Sign the open amendment."""
    return _signed("amendment_sign", mentorships_amendments.sign_amendment, mentorship_id)


@blueprint.post("/mentorships/<int:mentorship_id>/object")
@allows(Act.CONFIRM_TEACHING)
def object_to(mentorship_id: int) -> ResponseReturnValue:
    """End the pair within the time for objections."""
    form = ReasonForm()
    told_apart(form, "object")
    reason = form.reason.data or ""
    if form.validate() and attempt(form, mentorships.object_to, mentorship_id, reason=reason):
        flash(gettext("The mentorship has ended without blame for anybody."), "success")
        return back(mentorship_id)
    return pair_page(mentorship_id, {"object": form}), 422


@blueprint.post("/mentorships/<int:mentorship_id>/months")
@allows(Act.CONFIRM_TEACHING)
def confirm_month(mentorship_id: int) -> ResponseReturnValue:
    """Confirm a month of teaching."""
    form = MonthForm()
    act = mentorships_terms.confirm_month
    if form.validate() and attempt(form, act, mentorship_id, form.day()):
        flash(gettext("The month is confirmed."), "success")
        return redirect(url_for(".show_pair", mentorship_id=mentorship_id, _anchor="months"), 303)
    return pair_page(mentorship_id, {"month": form}), 422


@blueprint.post("/mentorships/<int:mentorship_id>/months/withdraw")
@allows(Act.WITHDRAW_TEACHING)
def withdraw_month(mentorship_id: int) -> ResponseReturnValue:
    """Withdraw a month that was confirmed wrongly."""
    form = WithdrawMonthForm()
    told_apart(form, "withdraw_month")
    act = mentorships_terms.withdraw_month
    reason = form.reason.data or ""
    if form.validate() and attempt(form, act, mentorship_id, form.day(), reason=reason):
        flash(gettext("The month is withdrawn."), "success")
        return back(mentorship_id)
    return pair_page(mentorship_id, {"withdraw_month": form}), 422


@blueprint.post("/milestones/<int:milestone_id>/confirm")
@allows(Act.CONFIRM_TEACHING)
def confirm_milestone(milestone_id: int) -> ResponseReturnValue:
    """Confirm a milestone."""
    form = MilestoneForm()
    pair = mentorships_lists.pair_of(milestone_id)
    act = mentorships_terms.confirm_milestone
    if form.validate() and attempt(form, act, milestone_id, form.note.data or ""):
        flash(gettext("The milestone is confirmed."), "success")
        return redirect(url_for(".show_pair", mentorship_id=pair, _anchor="milestones"), 303)
    return pair_page(pair, {"milestone": told_apart(form, "milestone")}), 422


@blueprint.post("/milestones/<int:milestone_id>/files")
@allows(Act.SIGN_MENTORSHIP)
def attach(milestone_id: int) -> ResponseReturnValue:
    """Add evidence to a milestone."""
    form = EvidenceForm()
    pair = mentorships_lists.pair_of(milestone_id)
    if form.validate():
        file = form.file.data
        upload = Upload(file.filename or "", file.read())
        if attempt(form, mentorships_files.attach, milestone_id, upload, files_dir()):
            flash(gettext("The file is kept."), "success")
            return redirect(url_for(".show_pair", mentorship_id=pair, _anchor="milestones"), 303)
    return pair_page(pair, {"evidence": told_apart(form, "evidence")}), 422


@blueprint.get("/milestone-files/<int:milestone_file_id>")
@allows(Act.SEE_MENTORSHIP)
def milestone_file(milestone_file_id: int) -> ResponseReturnValue:
    """Download evidence of a milestone; the download is recorded."""
    opened = mentorships_files.open_file(acting(), milestone_file_id, files_dir())
    return download(opened.data, opened.title, opened.mimetype)


@blueprint.route("/mentorships/<int:mentorship_id>/acceptance", methods=["GET", "POST"])
@allows(Act.EDIT_MENTORSHIP)
def record_acceptance(mentorship_id: int) -> ResponseReturnValue:
    """Record the check at the end of the term."""
    row = mentorships_parts.get_pair(mentorship_id)
    if row.state is not MentorshipState.RUNNING:
        abort(404)
    form = AcceptanceForm(held_on=today())
    form.offer(mentorships_acceptance.successes_of(row))
    if form.validate_on_submit():
        act = mentorships_acceptance.record_acceptance
        if attempt(form, act, mentorship_id, form.check()):
            flash(gettext("Recorded. It stands once all three have confirmed it."), "success")
            return back(mentorship_id)
    page = render_template("mentorships/record_acceptance.html", form=form, row=row)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/mentorships/<int:mentorship_id>/acceptance/confirm")
@allows(Act.SIGN_MENTORSHIP)
def confirm_acceptance(mentorship_id: int) -> ResponseReturnValue:
    """Confirm the check as one of the three."""
    party = _party(request.form.get("party"))
    if attempt_button(mentorships_acceptance.confirm_acceptance, mentorship_id, party):
        flash(gettext("You have confirmed the check."), "success")
    return back(mentorship_id)
