"""Pages of scales of stipends: the list, the next version, its approval."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.stipends.scale_forms import ScaleForm, scale_values
from blueprints.stipends.views import blueprint
from blueprints.web import attempt, attempt_button
from rules.acts import Act
from rules.payouts import SeriesKind
from services import payouts_series, stipends_scales
from services.acting import Actor


@blueprint.get("/stipend-scales")
@allows(Act.SEE_STIPENDS)
def list_scales() -> ResponseReturnValue:
    """List the scales by series."""
    return render_template(
        "stipends/list_scales.html",
        scales=stipends_scales.list_scales(),
        series=payouts_series.list_series(SeriesKind.STIPENDS),
    )


@blueprint.route("/stipend-series/<int:payout_series_id>/scales/new", methods=["GET", "POST"])
@allows(Act.DRAFT_SCALE)
def draft_scale(payout_series_id: int) -> ResponseReturnValue:
    """Draft the next scale of a series, beginning with the last one."""
    series = payouts_series.get_series(payout_series_id)
    last = stipends_scales.latest_scale(payout_series_id)
    form = ScaleForm()
    if request.method == "GET" and last is not None:
        form = ScaleForm(data=scale_values(stipends_scales.scale_of(last), last.basis))
    if form.validate_on_submit():
        done = attempt(form, _draft, payout_series_id, form)
        if done:
            return redirect(url_for(".show_scale", stipend_scale_id=done.id), 303)
    page = render_template("stipends/draft_scale.html", series=series, last=last, form=form)
    return page, 422 if form.is_submitted() else 200


def _draft(by: Actor, series_id: int, form: ScaleForm) -> int:
    """Read the scale inside the attempt, so that its problems land on the form."""
    return stipends_scales.draft_scale(by, series_id, form.scale(), basis=form.basis.data or "")


@blueprint.get("/stipend-scales/<int:stipend_scale_id>")
@allows(Act.SEE_STIPENDS)
def show_scale(stipend_scale_id: int) -> ResponseReturnValue:
    """Show a scale with all its parts."""
    stored = stipends_scales.get_scale(stipend_scale_id)
    scale = stipends_scales.scale_of(stored)
    return render_template("stipends/show_scale.html", stored=stored, scale=scale)


@blueprint.post("/stipend-scales/<int:stipend_scale_id>/approve")
@allows(Act.APPROVE_SCALE)
def approve_scale(stipend_scale_id: int) -> ResponseReturnValue:
    """Approve a scale as a second person."""
    if attempt_button(stipends_scales.approve_scale, stipend_scale_id):
        flash(gettext("Approved. The scale pays from its first day on."), "success")
    return redirect(url_for(".show_scale", stipend_scale_id=stipend_scale_id), 303)


@blueprint.post("/stipend-scales/<int:stipend_scale_id>/withdraw")
@allows(Act.DRAFT_SCALE)
def withdraw_scale(stipend_scale_id: int) -> ResponseReturnValue:
    """Put a draft away."""
    attempt_button(stipends_scales.withdraw_scale, stipend_scale_id)
    return redirect(url_for(".list_scales"), 303)
