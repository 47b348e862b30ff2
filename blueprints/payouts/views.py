"""Pages of payment orders: prepared, handed in, approved, cancelled; and of budget lines."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.payouts.forms import WAGES, LineForm, PrepareForm, ReasonForm
from blueprints.payouts.words import obstacle_text, pay_text, pay_tone
from blueprints.web import attempt, attempt_button, page_number
from rules.access import contests_of, roles_of
from rules.acts import Act
from rules.payouts import RESERVING, Sums, Treatment
from rules.states import PayoutLineState, PayoutState
from services import (
    contests,
    payouts,
    payouts_batches,
    payouts_budget,
    payouts_dues,
    payouts_lists,
    payouts_papers,
    payouts_parts,
)
from services.payouts_lists import Wanted

blueprint = Blueprint("payouts", __name__)
blueprint.add_app_template_filter(obstacle_text, "obstacle_text")
blueprint.add_app_template_filter(pay_text, "pay_text")
blueprint.add_app_template_filter(pay_tone, "pay_tone")


@blueprint.app_template_filter("capitals")
def capitals(amount: Any) -> str:
    """Write an amount in Chinese capitals."""
    return payouts_papers.capitals(amount)


@blueprint.get("/payouts")
@allows(Act.SEE_PAYOUTS)
def list_orders() -> ResponseReturnValue:
    """List the payment orders of all contests within reach."""
    limit = contests_of(require_holder(), roles_of(Act.SEE_PAYOUTS))
    state = request.args.get("state", "")
    wanted = Wanted(
        limit,
        request.args.get("contest", type=int),
        PayoutState(state) if state in [*PayoutState] else None,
    )
    page = payouts_lists.list_orders(wanted, page_number())
    return render_template(
        "payouts/list_orders.html",
        page=page,
        sums=payouts_lists.sums_of([one.id for one in page.items]),
        owing=payouts_dues.owing_contests(limit),
        states=list(PayoutState),
    )


@blueprint.get("/contests/<int:contest_id>/budget-lines")
@allows(Act.SEE_PAYOUTS)
def show_budget(contest_id: int) -> ResponseReturnValue:
    """Show what each budget line holds, what is reserved and what is spent."""
    contest = contests.get_contest(contest_id)
    purses = payouts_budget.purses_of(contest)
    return render_template("payouts/show_budget.html", contest=contest, purses=purses.values())


@blueprint.route("/contests/<int:contest_id>/payouts/new", methods=["GET", "POST"])
@allows(Act.PREPARE_PAYOUT)
def prepare(contest_id: int) -> ResponseReturnValue:
    """Show what is due and what stands against the rest; make an order of what is ticked."""
    form = PrepareForm()
    if form.validate_on_submit():
        chosen = request.form.getlist("share", type=int)
        note = form.note.data or ""
        done = attempt(form, payouts.prepare, contest_id, shares=chosen, note=note)
        if done:
            return redirect(url_for(".show_order", payout_order_id=done.id), 303)
    dues = payouts_dues.read_dues(contest_id)
    page = render_template(
        "payouts/prepare.html",
        contest=(outline := contests.get_outline(contest_id)),
        source=outline,
        dues=sorted(dues, key=lambda one: one.obstacle is not None),
        ready=[one for one in dues if one.obstacle is None],
        orders=payouts_dues.orders_of(contest_id),
        chosen=request.form.getlist("share", type=int) if form.is_submitted() else None,
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/payouts/<int:payout_order_id>")
@allows(Act.SEE_PAYOUTS)
def show_order(payout_order_id: int) -> ResponseReturnValue:
    """Show an order, its lines, and what can be done with it."""
    return _page(payout_order_id, {})


def _page(order_id: int, forms: dict[str, ReasonForm]) -> str:
    order = payouts_parts.get_order(order_id)
    return render_template(
        "payouts/show_order.html",
        order=order,
        source=order.series if order.contest_id is None else contests.get_outline(order.contest_id),
        number=payouts_papers.order_number(order),
        sums=payouts_lists.sums_of([order_id]).get(order_id, Sums()),
        counted=payouts_lists.states_of(order_id),
        page=payouts_lists.list_lines(order_id, page_number()),
        held=payouts_parts.held_lines(order_id),
        replaced=payouts_parts.replaced_lines(order_id),
        people=payouts_lists.people_of(order),
        layouts=payouts_batches.list_layouts(),
        forms=forms,
        unsent=(PayoutLineState.ORDERED, PayoutLineState.HELD),
        reserving=RESERVING,
    )


@blueprint.post("/payouts/<int:payout_order_id>/submit")
@allows(Act.PREPARE_PAYOUT)
def submit(payout_order_id: int) -> ResponseReturnValue:
    """Hand an order in for approval."""
    if attempt_button(payouts.submit, payout_order_id):
        flash(gettext("Handed in. Somebody else approves it now."), "success")
    return redirect(url_for(".show_order", payout_order_id=payout_order_id), 303)


@blueprint.post("/payouts/<int:payout_order_id>/approve")
@allows(Act.APPROVE_PAYOUT)
def approve(payout_order_id: int) -> ResponseReturnValue:
    """Approve an order as a second person."""
    if attempt_button(payouts.approve, payout_order_id):
        flash(gettext("Approved. The order can go to the bank."), "success")
    return redirect(url_for(".show_order", payout_order_id=payout_order_id), 303)


@blueprint.post("/payouts/<int:payout_order_id>/send-back")
@allows(Act.APPROVE_PAYOUT)
def send_back(payout_order_id: int) -> ResponseReturnValue:
    """Give an order back to those who prepared it."""
    return _with_reason("send_back", payouts.send_back, payout_order_id)


@blueprint.post("/payouts/<int:payout_order_id>/cancel")
@allows(Act.PREPARE_PAYOUT)
def cancel(payout_order_id: int) -> ResponseReturnValue:
    """Cancel an order that has not gone to the bank."""
    return _with_reason("cancel", payouts.cancel, payout_order_id)


def _with_reason(name: str, act: Callable[..., int], order_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate() and attempt(form, act, order_id, reason=form.reason.data or ""):
        return redirect(url_for(".show_order", payout_order_id=order_id), 303)
    return _page(order_id, {name: form}), 422


@blueprint.route("/payout-lines/<int:payout_line_id>", methods=["GET", "POST"])
@allows(Act.PREPARE_PAYOUT)
def change_line(payout_line_id: int) -> ResponseReturnValue:
    """Take a line out of its order, or let it be wages of the own employer."""
    line = payouts_parts.get_line(payout_line_id)
    form = LineForm()
    taxed = line.treatment is Treatment.WITHHELD and not line.part
    form.offer(taxed and line.order.state is PayoutState.DRAFT)
    if form.validate_on_submit():
        act = payouts.treat_as_wages if form.change.data == WAGES else payouts.stop_line
        if attempt(form, act, payout_line_id, reason=form.reason.data or ""):
            return redirect(url_for(".show_order", payout_order_id=line.order_id), 303)
    page = render_template("payouts/change_line.html", line=line, form=form)
    return page, 422 if form.is_submitted() else 200
