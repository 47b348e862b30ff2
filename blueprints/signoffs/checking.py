"""The spot check: fix the marks, draw, compare sheet by sheet, tell the chief in writing."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.signoffs.forms import FiguresForm, FindingForm
from blueprints.signoffs.views import below, blueprint
from blueprints.web import attempt, attempt_button, download, translated
from models.contests import Event
from rules.acts import Act
from rules.refusals import Refused
from rules.sampling import Finding
from rules.seats import titles_of
from rules.states import EventState
from services import contests, signoffs_letters, spot_checks, spot_checks_findings
from services.spot_checks import CheckView
from services.spot_checks_findings import Compared, ItemView


@blueprint.app_template_filter("percent_of")
def percent_of(value: Fraction) -> str:
    """Write a risk as a percentage with one place."""
    return f"{Decimal(value.numerator) / value.denominator * 100:.1f}"


@blueprint.get("/events/<int:event_id>/spot-check")
@allows(Act.SEE_SPOT_CHECK)
def show_check(event_id: int) -> ResponseReturnValue:
    """The newest check of an event: what is drawn, what was found, how many more are needed."""
    return _page(contests.get_event(event_id), FiguresForm())


def _page(event: Event, form: FiguresForm) -> str:
    view = spot_checks.find_check(event.id)
    day = contests.rules_of(event.contest).day
    return render_template(
        "signoffs/spot_check.html",
        event=event,
        view=view,
        form=form,
        day=day,
        lines=_wanted(view),
        problems=[translated(one.text) for one in spot_checks.list_problems(event)],
        checks=spot_checks.list_checks(event.id),
        in_review=event.state is EventState.REVIEW,
        titles=titles_of(event.scheme),
        crumbs=below(event),
    )


def _wanted(view: CheckView | None) -> list[spot_checks.ItemLine]:
    """Keep the sheets that the filter asks for."""
    if view is None:
        return []
    text, show = request.args.get("q", "").strip().upper(), request.args.get("show")
    kept = {"open": view.open, "wrong": view.wrong}.get(show or "", [*view.lines])
    return [line for line in kept if text in line.sheet.code]


@blueprint.post("/events/<int:event_id>/spot-check")
@allows(Act.SPOT_CHECK)
def fix_marks(event_id: int) -> ResponseReturnValue:
    """Fix the marks before the figures are called out."""
    if attempt_button(spot_checks.fix_marks, event_id):
        flash(
            gettext("The marks are fixed. Post the digest, then have figures called out."),
            "success",
        )
    return redirect(url_for(".show_check", event_id=event_id), 303)


@blueprint.post("/spot-checks/<int:spot_check_id>/draw")
@allows(Act.SPOT_CHECK)
def draw_sample(spot_check_id: int) -> ResponseReturnValue:
    """Draw the sheets with the figures."""
    form = FiguresForm()
    event_id = spot_checks.event_of(spot_check_id)
    if form.validate() and attempt(
        form, spot_checks.draw_sample, spot_check_id, form.figures.data or ""
    ):
        flash(gettext("The sheets are drawn."), "success")
        return redirect(url_for(".show_check", event_id=event_id), 303)
    return _page(contests.get_event(event_id), form), 422


@blueprint.post("/spot-checks/<int:spot_check_id>/more")
@allows(Act.SPOT_CHECK)
def add_risk_sheets(spot_check_id: int) -> ResponseReturnValue:
    """Add the sheets that the award lines ask for."""
    if attempt_button(spot_checks.add_risk_sheets, spot_check_id):
        flash(gettext("The sheets are added."), "success")
    event_id = spot_checks.event_of(spot_check_id)
    return redirect(url_for(".show_check", event_id=event_id, show="open"), 303)


@blueprint.get("/spot-checks/<int:spot_check_id>/letter")
@allows(Act.SEE_SPOT_CHECK)
def check_letter(spot_check_id: int) -> ResponseReturnValue:
    """What the check found, in writing, for the chief judge (R2.25)."""
    try:
        made = signoffs_letters.check_letter(spot_check_id)
    except Refused as refusal:
        flash(translated(refusal), "danger")
        event_id = spot_checks.event_of(spot_check_id)
        return redirect(url_for(".show_check", event_id=event_id), 303)
    return download(made.data, made.filename, "application/pdf")


@blueprint.route("/check-items/<int:check_item_id>", methods=["GET", "POST"])
@allows(Act.SPOT_CHECK)
def compare(check_item_id: int) -> ResponseReturnValue:
    """One sheet beside its paper."""
    view, form = spot_checks_findings.get_item(check_item_id), FindingForm()
    typed: Mapping[str, str] = {}
    if not form.is_submitted():
        form.finding.data = view.item.finding and view.item.finding.value
        form.remark.data, typed = view.item.remark, view.item.values
    else:
        typed = _typed(view)
        if form.validate() and _record(form, view, typed):
            return _next(view)
        view = spot_checks_findings.get_item(check_item_id)
    page = render_template(
        "signoffs/compare.html",
        view=view,
        event=view.event,
        form=form,
        typed=typed,
        crumbs=[
            *below(view.event),
            (gettext("Spot check"), url_for(".show_check", event_id=view.event.id)),
        ],
    )
    return page, 422 if form.is_submitted() else 200


def _typed(view: ItemView) -> dict[str, str]:
    """Return what was typed for each line; a line left as it stands on the screen agrees."""
    return {
        line.key: request.form.get(f"line-{line.key}", "").strip()[:20]
        for line in view.layout.lines
        if f"line-{line.key}" in request.form
    }


def _record(form: FindingForm, view: ItemView, typed: Mapping[str, str]) -> bool:
    finding = Finding(form.finding.data)
    base = request.form.get("base", "")[:10]
    compared = Compared(finding, typed, form.remark.data or "", base)
    act = spot_checks_findings.record_finding
    return attempt(form, act, view.item.id, compared) is not None


def _next(view: ItemView) -> ResponseReturnValue:
    flash(gettext("%(code)s: recorded.", code=view.sheet.code), "success")
    if view.next_id is None:
        return redirect(url_for(".show_check", event_id=view.event.id), 303)
    return redirect(url_for(".compare", check_item_id=view.next_id), 303)
