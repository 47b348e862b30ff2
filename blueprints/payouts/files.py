"""Files of payment orders: the printed order, the batch for the bank, and its columns."""

from typing import Literal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.payouts.forms import LayoutForm, layout_values
from blueprints.payouts.views import blueprint
from blueprints.web import XLSX, attempt, attempt_button, download, today
from rules.acts import Act
from rules.payout_layouts import usual_columns
from services import payouts_batches, payouts_papers
from services.acting import Actor


@blueprint.get("/payouts/<int:payout_order_id>/paper")
@allows(Act.SEE_PAYOUTS)
def order_paper(payout_order_id: int) -> ResponseReturnValue:
    """Download the printed order."""
    made = payouts_papers.order_pdf(payout_order_id, gettext)
    return download(made, f"{gettext('Payment order')}-{payout_order_id}.pdf", "application/pdf")


@blueprint.post("/payouts/<int:payout_order_id>/batch")
@allows(Act.SEND_PAYOUT)
def export_batch(payout_order_id: int) -> ResponseReturnValue:
    """Download the file for the bank; the download is recorded."""
    layout_id = request.form.get("layout", type=int)
    form: Literal["xlsx", "csv"] = "csv" if request.form.get("form") == "csv" else "xlsx"
    done = attempt_button(payouts_batches.export, payout_order_id, layout_id, form, gettext)
    if done is None or not isinstance(done.value, bytes):
        return redirect(url_for(".show_order", payout_order_id=payout_order_id), 303)
    name = f"{gettext('Payment order')}-{payout_order_id}-{today():%Y%m%d}.{form}"
    return download(done.value, name, XLSX if form == "xlsx" else "text/csv")


@blueprint.get("/payout-layouts")
@allows(Act.EDIT_PAYOUT_LAYOUTS)
def list_layouts() -> ResponseReturnValue:
    """List the saved columns of banks."""
    return render_template("payouts/list_layouts.html", layouts=payouts_batches.list_layouts())


@blueprint.route("/payout-layouts/new", methods=["GET", "POST"])
@allows(Act.EDIT_PAYOUT_LAYOUTS)
def new_layout() -> ResponseReturnValue:
    """Choose columns for another bank, beginning with the usual ones."""
    values = layout_values("", usual_columns(), None)
    form = LayoutForm() if request.method == "POST" else LayoutForm(data=values)
    return _answer(form, None)


@blueprint.route("/payout-layouts/<int:key>", methods=["GET", "POST"])
@allows(Act.EDIT_PAYOUT_LAYOUTS)
def edit_layout(key: int) -> ResponseReturnValue:
    """Change saved columns."""
    stored = payouts_batches.get_layout(key)
    values = layout_values(stored.title, payouts_batches.columns_of(stored), stored.version)
    form = LayoutForm() if request.method == "POST" else LayoutForm(data=values)
    return _answer(form, key)


def _answer(form: LayoutForm, key: int | None) -> ResponseReturnValue:
    if form.validate_on_submit() and attempt(form, _save, key, form):
        flash(gettext("The columns are saved."), "success")
        return redirect(url_for(".list_layouts"), 303)
    page = render_template("payouts/edit_layout.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _save(by: Actor, key: int | None, form: LayoutForm) -> int:
    """Read the columns inside the attempt, so that their problems land on the form."""
    title, version = form.title.data or "", form.base_version
    return payouts_batches.save_layout(by, key, title=title, columns=form.layout(), version=version)
