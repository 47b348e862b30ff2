"""Pages of pay-backs: what must come back, what has come, and what is waived."""

from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.forms import ActForm
from blueprints.payouts.forms import MoneyForm, ReasonForm
from blueprints.payouts.views import blueprint
from blueprints.web import attempt, attempt_button, download, page_number
from rules.access import contests_of, roles_of
from rules.acts import Act
from services import payouts_letters, payouts_recoveries


@blueprint.get("/recoveries")
@allows(Act.SEE_RECOVERIES)
def list_recoveries() -> ResponseReturnValue:
    """List the pay-backs of all contests within reach."""
    limit = contests_of(require_holder(), roles_of(Act.SEE_RECOVERIES))
    page = payouts_recoveries.list_recoveries(limit, page_number())
    return render_template("payouts/list_recoveries.html", page=page)


@blueprint.get("/recoveries/<int:recovery_id>")
@allows(Act.SEE_RECOVERIES)
def show_recovery(recovery_id: int) -> ResponseReturnValue:
    """Show a pay-back and what can be done about it."""
    return _page(recovery_id, None, None)


def _page(recovery_id: int, money: ActForm | None, waiver: ActForm | None) -> str:
    found = payouts_recoveries.get_recovery(recovery_id)
    fresh = MoneyForm(formdata=None, version=found.version)
    return render_template(
        "payouts/show_recovery.html",
        recovery=found,
        people=payouts_recoveries.people_of(found),
        money=money or fresh,
        waiver=waiver or ReasonForm(formdata=None),
    )


@blueprint.post("/recoveries/<int:recovery_id>/money")
@allows(Act.RECOVER_MONEY)
def receive_money(recovery_id: int) -> ResponseReturnValue:
    """Record money that came back."""
    form = MoneyForm()
    if form.validate():
        amount, version = form.amount.data or Decimal(0), form.base_version
        act = payouts_recoveries.receive_money
        if attempt(form, act, recovery_id, amount=amount, version=version):
            flash(gettext("The money is recorded."), "success")
            return redirect(url_for(".show_recovery", recovery_id=recovery_id), 303)
    return _page(recovery_id, form, None), 422


@blueprint.post("/recoveries/<int:recovery_id>/waiver")
@allows(Act.RECOVER_MONEY)
def propose_waiver(recovery_id: int) -> ResponseReturnValue:
    """Propose to waive what has not come back."""
    form = ReasonForm()
    if form.validate():
        reason = form.reason.data or ""
        if attempt(form, payouts_recoveries.propose_waiver, recovery_id, reason=reason):
            return redirect(url_for(".show_recovery", recovery_id=recovery_id), 303)
    return _page(recovery_id, None, form), 422


@blueprint.post("/recoveries/<int:recovery_id>/agree")
@allows(Act.AGREE_WAIVER)
def agree_waiver(recovery_id: int) -> ResponseReturnValue:
    """Agree as a second person to waive the rest."""
    if attempt_button(payouts_recoveries.agree_waiver, recovery_id):
        flash(gettext("The rest is waived."), "success")
    return redirect(url_for(".show_recovery", recovery_id=recovery_id), 303)


@blueprint.get("/recoveries/<int:recovery_id>/letter")
@allows(Act.SEE_RECOVERIES)
def recovery_letter(recovery_id: int) -> ResponseReturnValue:
    """Download the letter that asks the money back."""
    made = payouts_letters.recovery_letter(recovery_id, gettext)
    return download(made, f"{gettext('Pay-back')}-{recovery_id}.pdf", "application/pdf")
