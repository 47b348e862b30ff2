"""Accounts from a spreadsheet: template, preview, confirmation."""

from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.accounts.forms import AccountsFileForm
from blueprints.accounts.links import link_days, show_links
from blueprints.accounts.views import blueprint
from blueprints.forms import PreviewForm
from blueprints.web import XLSX, attempt, download, translated
from rules.access import Grant, Role
from rules.acts import Act
from services import accounts_granting, accounts_workbooks
from services.accounts_granting import NewAccount

KIND = "accounts"


@blueprint.get("/accounts/import/template")
@allows(Act.MANAGE_ACCOUNTS)
def accounts_template() -> ResponseReturnValue:
    """Send the empty spreadsheet."""
    return download(accounts_workbooks.template(), "账号导入模板.xlsx", XLSX)


@blueprint.route("/accounts/import", methods=["GET", "POST"])
@allows(Act.MANAGE_ACCOUNTS)
def import_accounts() -> ResponseReturnValue:
    """Read a spreadsheet and show what it would do."""
    form = AccountsFileForm()
    if not form.validate_on_submit():
        page = render_template("accounts/import.html", form=form)
        return page, 422 if form.is_submitted() else 200
    file = form.file.data
    reading = accounts_workbooks.read_accounts(file.read(), file.filename, require_holder())
    for problem in reading.problems:
        form.refuse(translated(problem), "file")
    if reading.problems:
        return render_template("accounts/import.html", form=form), 422
    page = render_template(
        "accounts/preview.html",
        reading=reading,
        columns=accounts_workbooks.COLUMNS,
        problems=lambda row: [translated(problem) for problem in row.problems],
        payload=PreviewForm.sealed(KIND, map(asdict, reading.wanted)) if reading.accepted else "",
        filename=file.filename,
    )
    return page, 200 if reading.accepted else 422


@blueprint.post("/accounts/import/confirm")
@allows(Act.MANAGE_ACCOUNTS)
def confirm_accounts() -> ResponseReturnValue:
    """Create the accounts of a preview and give the list of their links once."""
    form = PreviewForm()
    wanted = [_account(row) for row in form.rows(KIND)] if form.validate() else None
    if not wanted:
        flash(gettext("The preview is too old. Please upload the file again."), "danger")
        return redirect(url_for(".import_accounts"), 303)
    done = attempt(form, accounts_granting.create_many, wanted, link_days())
    if done is None:
        for message in form.form_errors:
            flash(message, "danger")
        return redirect(url_for(".import_accounts"), 303)
    if not isinstance(done.value, list):
        flash(gettext("The list was shown already. Make new links account by account."), "warning")
        return redirect(url_for(".list_accounts"), 303)
    return show_links(done.value, url_for(".list_accounts"))


def _account(values: dict[str, Any]) -> NewAccount:
    grants = tuple(Grant(**(line | {"role": Role(line["role"])})) for line in values["grants"])
    return NewAccount(**(values | {"grants": grants}))
