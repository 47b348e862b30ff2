"""The administrator's page of keys: make one, report one as compromised."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.statements.forms import CompromiseForm
from blueprints.statements.views import blueprint
from blueprints.web import attempt, attempt_button
from rules.acts import Act
from services import statements, statements_status


@blueprint.get("/statement-keys")
@allows(Act.MANAGE_STATEMENT_KEYS)
def list_keys() -> ResponseReturnValue:
    """List the keys that sign statements."""
    return _page(CompromiseForm(formdata=None))


def _page(form: CompromiseForm, reported: int | None = None) -> str:
    return render_template(
        "statements/list_keys.html",
        keys=statements.list_keys(),
        lists=statements_status.list_fillings(),
        form=form,
        reported=reported,
    )


@blueprint.post("/statement-keys")
@allows(Act.MANAGE_STATEMENT_KEYS)
def make_key() -> ResponseReturnValue:
    """Make the key that signs from now on."""
    if attempt_button(statements.make_key):
        flash(gettext("The key is made. It signs from now on."), "success")
    return redirect(url_for("statements.list_keys"), 303)


@blueprint.post("/statement-keys/<int:statement_key_id>/compromise")
@allows(Act.MANAGE_STATEMENT_KEYS)
def report_compromise(statement_key_id: int) -> ResponseReturnValue:
    """Record that others may have had a key."""
    form = CompromiseForm()
    if (
        form.validate_on_submit()
        and form.since.data is not None
        and attempt(
            form,
            statements.report_compromise,
            statement_key_id,
            since=form.since.data,
            reason=form.reason.data or "",
        )
    ):
        flash(gettext("The key is recorded as compromised. It signs nothing more."), "success")
        return redirect(url_for("statements.list_keys"), 303)
    return _page(form, statement_key_id), 422
