"""Submitting an application: what is missing, the deadline with its minutes, the button."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.selection_applications.views import blueprint, kept_days
from blueprints.web import acting, attempt, attempt_button, now, today, translated
from rules.acts import Act
from rules.refusals import Refused
from services import selection_applications_reading as reading
from services import selection_applications_submitting as submitting


@blueprint.post("/applications/<int:selection_application_id>/submit/begin")
@allows(Act.APPLY_SELECTION)
def begin_submit(selection_application_id: int) -> ResponseReturnValue:
    """Go to the page for submitting; who goes there before the end has minutes more."""
    attempt_button(submitting.begin_submit, selection_application_id)
    return redirect(url_for(".submit", selection_application_id=selection_application_id), 303)


@blueprint.get("/applications/<int:selection_application_id>/submit")
@allows(Act.APPLY_SELECTION)
def submit(selection_application_id: int) -> ResponseReturnValue:
    """Show what is still missing, and the button when nothing is."""
    return _page(selection_application_id, ActForm(formdata=None))


@blueprint.post("/applications/<int:selection_application_id>/submit")
@allows(Act.APPLY_SELECTION)
def confirm_submit(selection_application_id: int) -> ResponseReturnValue:
    """Submit it; that the button was pressed counts even if something is missing."""
    form, key = ActForm(), selection_application_id
    if form.validate():
        _press(key)
        if attempt(form, submitting.submit, key):
            flash(gettext("The application is submitted."), "success")
            return redirect(url_for(".show", selection_application_id=key), 303)
    return _page(key, form), 422


def _press(key: int) -> None:
    """Record that the button was pressed; what speaks against it the submitting says itself."""
    try:
        submitting.begin_submit(acting(), key)
    except Refused:
        return


def _page(key: int, form: ActForm) -> str:
    by = acting()
    row = reading.own_application(by, key)
    window = submitting.window_of(row)
    late = window.problem(now(), today())
    line = reading.line_of(by, row, kept_days())
    return render_template(
        "selection_applications/submit.html",
        row=row,
        form=form,
        window=window,
        late=translated(late) if late else "",
        missing=[translated(one) for one in submitting.missing_in(row)],
        line=line,
        next_words=translated(line.next.words),
    )
