"""Applications for workshops: the host writes them, the bureau checks and decides them."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.forms import ActForm
from blueprints.web import attempt, page_number, today, translated
from blueprints.workshops.forms import (
    ApplicationForm,
    FileForm,
    FoundForm,
    NoticeForm,
    ReasonForm,
    SiteForm,
)
from blueprints.workshops.views import blueprint, chosen
from rules.acts import Act
from rules.refusals import Refused
from rules.workshops import EDITABLE, ApplicationKind, ApplicationState, next_level
from services import (
    workshops,
    workshops_applications,
    workshops_files,
    workshops_founding,
    workshops_lists,
    workshops_requests,
)


@blueprint.get("/workshops/applications")
@allows(Act.SEE_WORKSHOPS)
def list_applications() -> ResponseReturnValue:
    """List applications; without a state those under way."""
    return render_template(
        "workshops/list_applications.html",
        page=workshops_lists.list_applications(chosen(ApplicationState, "state"), page_number()),
        states=ApplicationState,
    )


@blueprint.route("/workshops/applications/new", methods=["GET", "POST"])
@allows(Act.APPLY_WORKSHOP)
def apply() -> ResponseReturnValue:
    """Begin an application of the own unit for its leader."""
    employer_id = require_holder().employer_id
    if employer_id is None:
        abort(404)
    form = ApplicationForm(today(), True)
    if form.validate_on_submit():
        done = attempt(form, workshops_applications.apply, employer_id, form.wish())
        if done:
            return redirect(url_for(".show_application", workshop_application_id=done.id), 303)
    return _form_page(form, None)


@blueprint.route("/workshops/<int:workshop_id>/step-up", methods=["GET", "POST"])
@allows(Act.APPLY_WORKSHOP)
def apply_step_up(workshop_id: int) -> ResponseReturnValue:
    """Begin an application of an own workshop for the level above."""
    workshop = workshops.get_workshop(workshop_id)
    upper = next_level(workshop.level)
    if upper is None:
        abort(404)
    form = ApplicationForm(today(), False)
    if not form.is_submitted():
        form.show_workshop(workshop, upper)
    elif form.validate():
        done = attempt(form, workshops_applications.apply_step_up, workshop_id, form.wish())
        if done:
            return redirect(url_for(".show_application", workshop_application_id=done.id), 303)
    return _form_page(form, None, is_step=True)


@blueprint.route(
    "/workshops/applications/<int:workshop_application_id>/edit", methods=["GET", "POST"]
)
@allows(Act.APPLY_WORKSHOP)
def edit_application(workshop_application_id: int) -> ResponseReturnValue:
    """Change an own application that is a draft or was sent back."""
    row = workshops_applications.get_application(workshop_application_id)
    form = ApplicationForm(today(), False)
    if not form.is_submitted():
        form.show(row)
    elif form.validate():
        act = workshops_applications.edit_application
        if attempt(form, act, row.id, form.wish(), form.base_version):
            return redirect(url_for(".show_application", workshop_application_id=row.id), 303)
    row = workshops_applications.get_application(workshop_application_id)
    return _form_page(form, row, is_step=row.kind is ApplicationKind.STEP_UP)


def _form_page(form: ApplicationForm, row: Any, *, is_step: bool = False) -> ResponseReturnValue:
    page = render_template("workshops/edit_application.html", form=form, row=row, is_step=is_step)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/workshops/applications/<int:workshop_application_id>")
@allows(Act.SEE_WORKSHOP)
def show_application(workshop_application_id: int) -> ResponseReturnValue:
    """Show an application with all that it lacks."""
    return application_page(workshop_application_id)


def application_page(key: int, forms: dict[str, ActForm] | None = None) -> str:
    """Draw an application, with forms that were refused."""
    row = workshops_applications.get_application(key)
    people = workshops_requests.candidates([row.leader_id, *row.masters])
    in_time = row.state not in EDITABLE
    problems: list[Refused] = []
    if row.state in (*EDITABLE, ApplicationState.SUBMITTED, ApplicationState.CHECKED):
        problems = workshops_requests.problems_of(row, today(), in_time=in_time)
    own: dict[str, ActForm] = {
        "reason": ReasonForm(formdata=None),
        "site": SiteForm(formdata=None),
        "notice": NoticeForm(formdata=None),
        "found": FoundForm(formdata=None),
        "file": FileForm(formdata=None),
    }
    return render_template(
        "workshops/show_application.html",
        row=row,
        editable=row.state in EDITABLE,
        people=people,
        apprentices=workshops_requests.apprentices_of(row),
        problems=[translated(problem) for problem in problems],
        errors=[
            text
            for name, form in (forms or {}).items()
            if name != "file"  # shows its own
            for text in _texts(form)
        ],
        files=workshops_files.list_files(row),
        forms=own | (forms or {}),
    )


def _texts(form: ActForm) -> list[str]:
    found = list(form.form_errors)
    for field in form:
        found += [str(error) for error in field.errors]
    return found


def _step(
    key: int, form: ActForm, name: str, act: Callable[..., Any], *args: Any, **more: Any
) -> ResponseReturnValue:
    """Do one step of an application; a refusal is shown on its page."""
    if attempt(form, act, key, *args, **more):
        flash(gettext("Done."), "success")
        return redirect(url_for(".show_application", workshop_application_id=key), 303)
    return application_page(key, {name: form}), 422


@blueprint.post("/workshops/applications/<int:workshop_application_id>/submit")
@allows(Act.APPLY_WORKSHOP)
def submit_application(workshop_application_id: int) -> ResponseReturnValue:
    """Hand an own application in."""
    act = workshops_applications.submit_application
    return _step(workshop_application_id, ActForm(), "act", act)


@blueprint.post("/workshops/applications/<int:workshop_application_id>/withdraw")
@allows(Act.APPLY_WORKSHOP)
def withdraw_application(workshop_application_id: int) -> ResponseReturnValue:
    """Withdraw an own application."""
    act = workshops_applications.withdraw_application
    return _step(workshop_application_id, ActForm(), "act", act)


@blueprint.post("/workshops/applications/<int:workshop_application_id>/check")
@allows(Act.CHECK_WORKSHOP)
def check_conditions(workshop_application_id: int) -> ResponseReturnValue:
    """Confirm that the papers show all conditions."""
    act = workshops_applications.check_conditions
    return _step(workshop_application_id, ActForm(), "act", act)


@blueprint.post("/workshops/applications/<int:workshop_application_id>/decide")
@allows(Act.DECIDE_WORKSHOP)
def decide(workshop_application_id: int) -> ResponseReturnValue:
    """Decide for an application, as a second person."""
    return _step(workshop_application_id, ActForm(), "act", workshops_founding.decide)


def _with_reason(key: int, act: Callable[..., Any]) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return application_page(key, {"reason": form}), 422
    return _step(key, form, "reason", act, reason=form.reason.data or "")


@blueprint.post("/workshops/applications/<int:workshop_application_id>/return")
@allows(Act.CHECK_WORKSHOP)
def return_application(workshop_application_id: int) -> ResponseReturnValue:
    """Send an application back to its host."""
    return _with_reason(workshop_application_id, workshops_applications.return_application)


@blueprint.post("/workshops/applications/<int:workshop_application_id>/refuse")
@allows(Act.DECIDE_WORKSHOP)
def refuse(workshop_application_id: int) -> ResponseReturnValue:
    """Refuse an application."""
    return _with_reason(workshop_application_id, workshops_founding.refuse)


@blueprint.post("/workshops/applications/<int:workshop_application_id>/stop-notice")
@allows(Act.CHECK_WORKSHOP)
def stop_notice(workshop_application_id: int) -> ResponseReturnValue:
    """Take an application out of its notice."""
    return _with_reason(workshop_application_id, workshops_founding.stop_notice)


@blueprint.post("/workshops/applications/<int:workshop_application_id>/site")
@allows(Act.CHECK_WORKSHOP)
def record_site_check(workshop_application_id: int) -> ResponseReturnValue:
    """Record the check on the site."""
    form, key = SiteForm(), workshop_application_id
    if not form.validate():
        return application_page(key, {"site": form}), 422
    return _step(key, form, "site", workshops_applications.record_site_check, form.visit())


@blueprint.post("/workshops/applications/<int:workshop_application_id>/notice")
@allows(Act.CHECK_WORKSHOP)
def post_notice(workshop_application_id: int) -> ResponseReturnValue:
    """Put what was decided up for objections."""
    form, key = NoticeForm(), workshop_application_id
    if not form.validate():
        return application_page(key, {"notice": form}), 422
    return _step(key, form, "notice", workshops_founding.post_notice, form.contact.data or "")


@blueprint.post("/workshops/applications/<int:workshop_application_id>/found")
@allows(Act.DECIDE_WORKSHOP)
def found(workshop_application_id: int) -> ResponseReturnValue:
    """Found the workshop once the notice is over."""
    form, key = FoundForm(), workshop_application_id
    if form.validate():
        number = form.plaque_number.data or ""
        done = attempt(form, workshops_founding.found, key, plaque_number=number)
        if done:
            flash(gettext("The workshop stands in the register."), "success")
            return redirect(url_for(".show_workshop", workshop_id=done.id), 303)
    return application_page(key, {"found": form}), 422
