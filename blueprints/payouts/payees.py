"""Pages of bank accounts: one's own, and those that the payer types from paper."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.payouts.forms import OwnAccountForm, PaperAccountForm
from blueprints.payouts.views import blueprint
from blueprints.web import attempt
from rules.access import Holder
from rules.acts import Act
from rules.refusals import Missing
from services import payouts_accounts
from services.payouts_accounts import CONSENT, EMPLOYER, PERSON, Payee


def _own(holder: Holder) -> Payee | None:
    """Return as whom the reader is paid: as a person, else as an employer, or not at all yet."""
    for kind, key in ((PERSON, holder.person_id), (EMPLOYER, holder.employer_id)):
        if key is not None:
            return payouts_accounts.get_payee(kind, key)
    return None


@blueprint.route("/my-bank-account", methods=["GET", "POST"])
@allows(Act.SEE_OWN_ACCOUNT)
def own_account() -> ResponseReturnValue:
    """Show one's own account and payments; take in a new account."""
    payee = _own(holder := require_holder())
    if payee is None:
        if request.method == "POST":
            raise Missing(holder.account_id)
        return render_template("payouts/no_payee.html")
    form, consent = OwnAccountForm(), gettext(CONSENT)
    form.offer(payee)
    if form.validate_on_submit():
        act = payouts_accounts.enter_own_account
        if attempt(form, act, payee, form.typed(), consent=consent):
            flash(gettext("The account is stored."), "success")
            return redirect(url_for(".own_account"), 303)
    form.forget_numbers()
    page = render_template(
        "payouts/own_account.html",
        payee=payee,
        accounts=payouts_accounts.list_accounts(payee),
        payments=payouts_accounts.own_payments(payee),
        consent=consent,
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/contests/<int:contest_id>/payees/<int:key>", methods=["GET", "POST"])
@allows(Act.EDIT_PAYEE)
def enter_account(contest_id: int, key: int) -> ResponseReturnValue:
    """Type the account of a contestant or coach from paper."""
    return _enter(contest_id, payouts_accounts.payee_of_contest(contest_id, PERSON, key))


@blueprint.route("/contests/<int:contest_id>/paid-employers/<int:key>", methods=["GET", "POST"])
@allows(Act.EDIT_PAYEE)
def enter_employer_account(contest_id: int, key: int) -> ResponseReturnValue:
    """Type the account of an employer from paper."""
    return _enter(contest_id, payouts_accounts.payee_of_contest(contest_id, EMPLOYER, key))


def _enter(contest_id: int, payee: Payee) -> ResponseReturnValue:
    form = PaperAccountForm()
    form.offer(payee)
    if form.validate_on_submit():
        paper = form.paper.data or ""
        act = payouts_accounts.enter_account
        if attempt(form, act, contest_id, payee, form.typed(), paper=paper):
            flash(gettext("The account is stored."), "success")
            return redirect(url_for(".prepare", contest_id=contest_id), 303)
    form.forget_numbers()
    page = render_template(
        "payouts/enter_account.html",
        back=url_for(".prepare", contest_id=contest_id),
        payee=payee,
        accounts=payouts_accounts.list_accounts(payee),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200
