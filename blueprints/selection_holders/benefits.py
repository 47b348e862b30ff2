"""Pages of benefits of holders: the due list, and what was given or declined."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.selection_holders.forms import BenefitForm
from blueprints.selection_holders.views import blueprint, check_bureau, chosen
from blueprints.web import attempt, page_number, today
from rules.acts import Act
from rules.selections import BenefitKind, BenefitState
from services import selection_holders_benefits


@blueprint.get("/selection-holders/benefits")
@allows(Act.SEE_TITLES)
def list_benefits() -> ResponseReturnValue:
    """List benefits by their day; without a filter what is due by now."""
    check_bureau()
    state = chosen(BenefitState, "state")
    plain = state is None and not request.args.get("all")
    return render_template(
        "selection_holders/list_benefits.html",
        page=selection_holders_benefits.list_benefits(
            kind=chosen(BenefitKind, "kind"),
            state=BenefitState.DUE if plain else state,
            year=request.args.get("year", type=int),
            page=page_number(),
        ),
        kinds=BenefitKind,
        states=BenefitState,
        today=today(),
    )


@blueprint.route("/selection-benefits/<int:selection_benefit_id>", methods=["GET", "POST"])
@allows(Act.EDIT_TITLES)
def record_benefit(selection_benefit_id: int) -> ResponseReturnValue:
    """Record that a benefit was given or declined."""
    row = selection_holders_benefits.get_benefit(selection_benefit_id)
    form = BenefitForm(obj=row)
    if form.validate_on_submit():
        done = attempt(
            form,
            selection_holders_benefits.record_benefit,
            selection_benefit_id,
            form.base_version or 0,
            BenefitState(form.state.data),
            given_on=form.given_on.data,
            note=form.note.data or "",
        )
        if done:
            flash(gettext("Recorded."), "success")
            return redirect(url_for(".list_benefits"), 303)
    page = render_template("selection_holders/record_benefit.html", form=form, row=row)
    return page, 422 if form.is_submitted() else 200
