"""What a body does at its step: look, pass on, send back, refuse, prove its notice."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.selection_checks.forms import (
    CheckForm,
    NoticeForm,
    ProofForm,
    ReasonForm,
    UntilForm,
)
from blueprints.selection_checks.views import (
    blueprint,
    own_account,
    step_page,
    steps_page,
    told_apart,
)
from blueprints.web import attempt, attempt_button, files_dir
from rules.acts import Act
from services import (
    selection_checks_acting,
    selection_checks_files,
    selection_checks_lists,
    selection_checks_notices,
    selection_files,
)
from services.attachments import Upload


def back(step_id: int, anchor: str | None = None) -> ResponseReturnValue:
    """Go back to the page of a step."""
    return redirect(url_for(".show_step", selection_step_id=step_id, _anchor=anchor), 303)


def done_or_page(
    step_id: int, name: str, form: ActForm, act: Callable[..., Any], said: str, *args: Any
) -> ResponseReturnValue:
    """Do what a form of the page asks for; a refused one comes back with its problem."""
    told_apart(form, name)
    if form.validate():
        more = {"reason": form.reason.data} if isinstance(form, ReasonForm) else {}
        if attempt(form, act, step_id, *args, **more):
            flash(said, "success")
            return back(step_id)
    return step_page(step_id, {name: form}), 422


@blueprint.post("/selection-checks/<int:selection_step_id>/check")
@allows(Act.CHECK_SELECTION)
def check_step(selection_step_id: int) -> ResponseReturnValue:
    """Keep what was seen, or pass the application on with it."""
    form = CheckForm()
    form.offer(selection_checks_lists.get_dossier(own_account(), selection_step_id))
    passes = request.form.get("act") == "pass"
    act = selection_checks_acting.pass_step if passes else selection_checks_acting.save_check
    said = gettext("Passed on.") if passes else gettext("Kept.")
    told_apart(form, "check")
    if form.validate() and attempt(form, act, selection_step_id, form.found()):
        flash(said, "success")
        return redirect(url_for(".list_steps"), 303) if passes else back(selection_step_id)
    return step_page(selection_step_id, {"check": form}), 422


@blueprint.post("/selection-checks/pass")
@allows(Act.CHECK_SELECTION)
def pass_many() -> ResponseReturnValue:
    """Pass several applications on whose step has nothing to tick."""
    form = ActForm()
    ids = [int(one) for one in request.form.getlist("ids") if one.isdecimal()][:500]
    if form.validate():
        done = attempt(form, selection_checks_acting.pass_many, ids)
        if done:
            flash(gettext("%(count)s applications passed on.", count=done.value), "success")
            return redirect(url_for(".list_steps"), 303)
    return steps_page(form), 422


@blueprint.post("/selection-checks/<int:selection_step_id>/return")
@allows(Act.CHECK_SELECTION)
def return_step(selection_step_id: int) -> ResponseReturnValue:
    """Send an application back to be completed."""
    act, said = selection_checks_acting.return_step, gettext("Sent back; the applicant is told.")
    return done_or_page(selection_step_id, "return", ReasonForm(), act, said)


@blueprint.post("/selection-checks/<int:selection_step_id>/refuse")
@allows(Act.CHECK_SELECTION)
def refuse_step(selection_step_id: int) -> ResponseReturnValue:
    """Refuse an application."""
    act, said = selection_checks_acting.refuse_step, gettext("Refused; the applicant is told.")
    return done_or_page(selection_step_id, "refuse", ReasonForm(), act, said)


@blueprint.post("/selection-checks/<int:selection_step_id>/again")
@allows(Act.SET_CLAUSE_ASIDE)
def take_up_again(selection_step_id: int) -> ResponseReturnValue:
    """Take a refused application up again."""
    act, said = selection_checks_acting.take_up_again, gettext("It waits to be checked again.")
    return done_or_page(selection_step_id, "again", ReasonForm(), act, said)


@blueprint.post("/selection-checks/<int:selection_step_id>/extend")
@allows(Act.CHECK_SELECTION)
def extend_completion(selection_step_id: int) -> ResponseReturnValue:
    """Give more time to complete an application."""
    form, act = UntilForm(), selection_checks_acting.extend_completion
    said = gettext("The deadline is later now; the applicant is told.")
    return done_or_page(selection_step_id, "extend", form, act, said, form.until.data)


@blueprint.post("/selection-checks/<int:selection_step_id>/notice")
@allows(Act.CHECK_SELECTION)
def record_notice(selection_step_id: int) -> ResponseReturnValue:
    """Record the days of the body's own notice."""
    form, act = NoticeForm(), selection_checks_notices.record_notice
    days = (form.starts_on.data, form.ends_on.data)
    said = gettext("The days are kept.")
    return done_or_page(selection_step_id, "notice", form, act, said, *days)


@blueprint.post("/selection-checks/<int:selection_step_id>/files")
@allows(Act.CHECK_SELECTION)
def add_proof(selection_step_id: int) -> ResponseReturnValue:
    """Add a file that proves the notice."""
    form = told_apart(ProofForm(), "proof")
    assert isinstance(form, ProofForm)
    if form.validate():
        upload = Upload(form.file.data.filename or "", form.file.data.read())
        holder = selection_checks_files.STEP
        if attempt(form, selection_files.attach, holder, selection_step_id, upload, files_dir()):
            flash(gettext("The file is kept."), "success")
            return back(selection_step_id, "notice")
    return step_page(selection_step_id, {"proof": form}), 422


@blueprint.post("/selection-checks/files/<int:selection_file_id>/remove")
@allows(Act.CHECK_SELECTION)
def remove_proof(selection_file_id: int) -> ResponseReturnValue:
    """Remove a file of a step or of an answer."""
    row = selection_files.get_file(selection_file_id)
    if row.holder not in (selection_checks_files.STEP, selection_checks_files.OPINION):
        return redirect(url_for(".list_steps"), 303)
    holder, key = row.holder, row.holder_id
    attempt_button(selection_files.remove, selection_file_id, files_dir())
    if holder == selection_checks_files.STEP:
        return back(key, "notice")
    return redirect(url_for(".show_opinion", selection_opinion_id=key), 303)
