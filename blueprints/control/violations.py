"""Breaches of the rules by work code, with evidence."""

from pathlib import Path

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.control.forms import ViolationForm, WithdrawForm
from blueprints.control.views import below, blueprint
from blueprints.web import attempt, download
from models.contests import Event
from rules.acts import Act
from rules.states import EventState
from rules.violations import LARGEST_EVIDENCE, Effect
from services import contests, violations


@blueprint.get("/events/<int:event_id>/violations")
@allows(Act.SEE_PROGRESS)
def list_violations(event_id: int) -> ResponseReturnValue:
    """All breaches of an event, those taken back too."""
    event = contests.get_event(event_id)
    found = violations.list_violations(event_id)
    charges = violations.list_charges(contests.scheme_of(event))
    return render_template(
        "control/violations.html",
        event=event,
        found=found,
        titles={name: one.deduction.title for name, one in charges},
        name=violations.charge_name,
        excluded=violations.find_excluded(event, found),
        recording=event.state in {EventState.DRAWN, EventState.SCORING},
        crumbs=below(event),
    )


@blueprint.route("/events/<int:event_id>/violations/new", methods=["GET", "POST"])
@allows(Act.RECORD_VIOLATION)
def record_violation(event_id: int) -> ResponseReturnValue:
    """Record a breach."""
    event = contests.get_event(event_id)
    form = ViolationForm()
    form.offer(violations.list_charges(contests.scheme_of(event)))
    if form.validate_on_submit() and _record(form, event_id):
        flash(gettext("The breach is recorded."), "success")
        return redirect(url_for(".list_violations", event_id=event_id), 303)
    if not form.is_submitted():
        form.code.data = request.args.get("code", "")
    page = render_template(
        "control/record_violation.html", form=form, event=event, crumbs=_below(event)
    )
    return page, 422 if form.is_submitted() else 200


def _record(form: ViolationForm, event_id: int) -> bool:
    file = form.evidence.data
    done = attempt(
        form,
        violations.record_violation,
        event_id,
        form.code.data or "",
        Effect(form.effect.data),
        form.reason.data or "",
        deduction=form.deduction.data or "",
        times=form.times.data or 0,
        evidence=file.read(LARGEST_EVIDENCE + 1) if file else b"",
        folder=_folder(),
    )
    return done is not None


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].instance_dir
    return folder


def _below(event: Event) -> list[tuple[str, str]]:
    here = url_for(".list_violations", event_id=event.id)
    return [*below(event), (gettext("Breaches of the rules"), here)]


@blueprint.route("/violations/<int:violation_id>/withdraw", methods=["GET", "POST"])
@allows(Act.RECORD_VIOLATION)
def withdraw_violation(violation_id: int) -> ResponseReturnValue:
    """Take back a breach that was recorded by mistake."""
    found = violations.get_violation(violation_id)
    event = contests.get_event(found.work.event_id)
    form = WithdrawForm()
    if form.validate_on_submit() and attempt(
        form, violations.withdraw_violation, violation_id, form.reason.data or ""
    ):
        flash(gettext("The breach is taken back."), "success")
        return redirect(url_for(".list_violations", event_id=event.id), 303)
    page = render_template(
        "control/withdraw_violation.html", form=form, found=found, event=event, crumbs=_below(event)
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/violations/<int:violation_id>/evidence")
@allows(Act.SEE_PROGRESS)
def show_evidence(violation_id: int) -> ResponseReturnValue:
    """The evidence of a breach, as a file to save."""
    data, ending, media = violations.get_evidence(violation_id, _folder())
    return download(data, f"evidence-{violation_id}.{ending}", media)
