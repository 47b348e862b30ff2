"""Pages of payment series: the list, a new one, its desk, and its orders."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.payouts.forms import PaperAccountForm, PrepareForm, SeriesForm
from blueprints.payouts.views import blueprint
from blueprints.web import attempt, attempt_button, page_number, today
from rules.acts import Act
from rules.payouts import SeriesKind, Treatment
from services import (
    payouts_accounts,
    payouts_budget,
    payouts_dues,
    payouts_lists,
    payouts_series,
    payouts_sources,
)
from services.acting import Actor
from services.payouts_lists import Wanted


@blueprint.get("/payout-series")
@allows(Act.SEE_PAYOUTS)
def list_series() -> ResponseReturnValue:
    """List what is paid beside prizes."""
    return render_template("payouts/list_series.html", series=payouts_series.list_series())


@blueprint.route("/payout-series/new", methods=["GET", "POST"])
@allows(Act.EDIT_SERIES)
def open_series() -> ResponseReturnValue:
    """Open a payment series."""
    form = SeriesForm()
    if form.validate_on_submit():
        done = attempt(form, _open, form)
        if done:
            return redirect(url_for(".show_series", payout_series_id=done.id), 303)
    page = render_template("payouts/open_series.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _open(by: Actor, form: SeriesForm) -> int:
    employer = (form.employer.data or "").strip()
    return payouts_series.open_series(
        by,
        code=form.code.data or "",
        title=form.title.data or "",
        kind=SeriesKind(form.kind.data),
        treatment=Treatment(form.treatment.data),
        basis=form.basis.data or "",
        budget_line=form.budget_line.data or "",
        ceiling=form.ceiling.data,
        employer_id=payouts_series.employer_of(employer) if employer else None,
    )


@blueprint.get("/payout-series/<int:payout_series_id>")
@allows(Act.SEE_PAYOUTS)
def show_series(payout_series_id: int) -> ResponseReturnValue:
    """Show a series with its money and its orders."""
    series = payouts_series.get_series(payout_series_id)
    page = payouts_lists.list_orders(Wanted(series_id=payout_series_id), page_number())
    return render_template(
        "payouts/show_series.html",
        series=series,
        purses=payouts_budget.purses_of(series).values(),
        page=page,
        sums=payouts_lists.sums_of([one.id for one in page.items]),
    )


@blueprint.post("/payout-series/<int:payout_series_id>/close")
@allows(Act.EDIT_SERIES)
def close_series(payout_series_id: int) -> ResponseReturnValue:
    """Close a series: nothing new is ordered."""
    if attempt_button(payouts_series.close_series, payout_series_id):
        flash(gettext("The payment series is closed."), "success")
    return redirect(url_for(".show_series", payout_series_id=payout_series_id), 303)


@blueprint.route("/payout-series/<int:payout_series_id>/orders/new", methods=["GET", "POST"])
@allows(Act.PREPARE_PAYOUT)
def prepare_series(payout_series_id: int) -> ResponseReturnValue:
    """Show what a series owes; make an order of what is ticked."""
    form = PrepareForm()
    if form.validate_on_submit():
        chosen, note = request.form.getlist("share", type=int), form.note.data or ""
        act = payouts_series.prepare_series
        done = attempt(form, act, payout_series_id, shares=chosen, note=note)
        if done:
            return redirect(url_for(".show_order", payout_order_id=done.id), 303)
    series = payouts_series.get_series(payout_series_id)
    dues = payouts_sources.read_series_dues(series, today())
    page = render_template(
        "payouts/prepare.html",
        contest=None,
        source=series,
        dues=sorted(dues, key=lambda one: one.obstacle is not None),
        ready=[one for one in dues if one.obstacle is None],
        orders=payouts_dues.orders_of_series(payout_series_id),
        chosen=request.form.getlist("share", type=int) if form.is_submitted() else None,
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route(
    "/payout-series/<int:payout_series_id>/payees/<kind>/<int:key>",
    methods=["GET", "POST"],
)
@allows(Act.EDIT_PAYEE)
def enter_series_account(payout_series_id: int, kind: str, key: int) -> ResponseReturnValue:
    """Type the account of somebody whom a series pays from paper."""
    payee = payouts_series.payee_of_series(payout_series_id, today(), kind, key)
    form = PaperAccountForm()
    form.offer(payee)
    if form.validate_on_submit():
        paper = form.paper.data or ""
        act = payouts_accounts.enter_account
        if attempt(form, act, None, payee, form.typed(), paper=paper):
            flash(gettext("The account is stored."), "success")
            return redirect(url_for(".prepare_series", payout_series_id=payout_series_id), 303)
    form.forget_numbers()
    page = render_template(
        "payouts/enter_account.html",
        back=url_for(".prepare_series", payout_series_id=payout_series_id),
        payee=payee,
        accounts=payouts_accounts.list_accounts(payee),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200
