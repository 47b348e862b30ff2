"""Pages of the bank's answers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.payouts.forms import ReasonForm, ReturnForm
from blueprints.payouts.views import blueprint
from blueprints.web import attempt, attempt_button
from rules.acts import Act
from rules.payout_returns import PayMatch
from services import payouts_parts, payouts_returns


@blueprint.route("/payouts/<int:payout_order_id>/returns", methods=["GET", "POST"])
@allows(Act.SEND_PAYOUT)
def list_returns(payout_order_id: int) -> ResponseReturnValue:
    """Take in the bank's answer; show those that came before."""
    order = payouts_parts.get_order(payout_order_id)
    form = ReturnForm()
    if form.validate_on_submit():
        file = form.file.data
        data, name = file.read(), file.filename or ""
        done = attempt(form, payouts_returns.receive, payout_order_id, data, name)
        if done:
            return redirect(url_for(".show_return", payout_return_id=done.id), 303)
    page = render_template(
        "payouts/list_returns.html",
        order=order,
        returns=payouts_returns.list_returns(payout_order_id),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/payout-returns/<int:payout_return_id>")
@allows(Act.SEND_PAYOUT)
def show_return(payout_return_id: int) -> ResponseReturnValue:
    """Show how the rows of an answer fit the order; nothing counts before it is confirmed."""
    return _page(payout_return_id, None)


def _page(return_id: int, form: ReasonForm | None) -> str:
    stored = payouts_returns.get_return(return_id)
    found = payouts_returns.report(stored)
    return render_template(
        "payouts/show_return.html",
        stored=stored,
        rows=sorted(found, key=lambda one: one.is_good),
        paid=sum(one.match is PayMatch.PAID for one in found),
        failed=sum(one.match is PayMatch.FAILED for one in found),
        form=form,
    )


@blueprint.post("/payout-returns/<int:payout_return_id>/confirm")
@allows(Act.SEND_PAYOUT)
def confirm_return(payout_return_id: int) -> ResponseReturnValue:
    """Take over all rows that fit."""
    if attempt_button(payouts_returns.confirm, payout_return_id):
        flash(gettext("The bank's answer is taken over."), "success")
    return redirect(url_for(".show_return", payout_return_id=payout_return_id), 303)


@blueprint.post("/payout-returns/<int:payout_return_id>/discard")
@allows(Act.SEND_PAYOUT)
def discard_return(payout_return_id: int) -> ResponseReturnValue:
    """Put a file away without taking anything over."""
    done = attempt_button(payouts_returns.discard, payout_return_id)
    if done is None:
        return redirect(url_for(".show_return", payout_return_id=payout_return_id), 303)
    return redirect(url_for(".list_returns", payout_order_id=done.id), 303)


@blueprint.post("/payout-returns/<int:payout_return_id>/undo")
@allows(Act.SEND_PAYOUT)
def undo_return(payout_return_id: int) -> ResponseReturnValue:
    """Take back what a confirmed answer brought."""
    form = ReasonForm()
    reason = form.reason.data or ""
    if form.validate() and attempt(form, payouts_returns.undo, payout_return_id, reason=reason):
        flash(gettext("The bank's answer is taken back."), "success")
        return redirect(url_for(".show_return", payout_return_id=payout_return_id), 303)
    return _page(payout_return_id, form), 422
