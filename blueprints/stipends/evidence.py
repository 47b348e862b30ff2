"""Pages of evidence that only stipends need: other subsidies, break-offs decided by case."""

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.stipends.forms import CaseForm, TrainingForm
from blueprints.stipends.views import blueprint
from blueprints.web import attempt, attempt_button
from rules.acts import Act
from rules.stipend_scales import SubsidyKind
from services import stipends_evidence
from services.acting import Actor


@blueprint.route("/subsidised-trainings", methods=["GET", "POST"])
@allows(Act.RECORD_TRAINING)
def list_trainings() -> ResponseReturnValue:
    """List trainings that others subsidised; record one more."""
    form = TrainingForm()
    if form.validate_on_submit() and attempt(form, _record, form):
        flash(gettext("The training is recorded."), "success")
        return redirect(url_for(".list_trainings"), 303)
    trainings = stipends_evidence.list_trainings()
    page = render_template("stipends/list_trainings.html", trainings=trainings, form=form)
    return page, 422 if form.is_submitted() else 200


def _record(by: Actor, form: TrainingForm) -> int:
    """Look the apprentice up inside the attempt, so that an unknown number lands on the form."""
    assert form.held_on.data is not None
    level = form.level.data or ""
    return stipends_evidence.record_training(
        by,
        stipends_evidence.apprentice_of(form.number.data or ""),
        kind=SubsidyKind(form.kind.data),
        occupation=form.occupation.data or "",
        level=int(level) if level else None,
        held_on=form.held_on.data,
        source=form.source.data or "",
    )


@blueprint.post("/subsidised-trainings/<int:other_training_id>/withdraw")
@allows(Act.RECORD_TRAINING)
def withdraw_training(other_training_id: int) -> ResponseReturnValue:
    """Take back a training that was recorded by mistake."""
    attempt_button(stipends_evidence.withdraw_training, other_training_id)
    return redirect(url_for(".list_trainings"), 303)


@blueprint.route("/stipend-cases", methods=["GET", "POST"])
@allows(Act.DECIDE_CASE)
def list_cases() -> ResponseReturnValue:
    """List the pairs that were broken off; decide what is left to a mentor."""
    form = CaseForm()
    if form.validate_on_submit() and attempt(form, _decide, form):
        flash(gettext("Decided. A second person must agree."), "success")
        return redirect(url_for(".list_cases"), 303)
    cases = stipends_evidence.list_cases()
    form.offer([(pair.id, f"{pair.number} {pair.mentor.name}") for pair, case in cases
                if case is None or case.agreed_at is None])  # fmt: skip
    page = render_template("stipends/list_cases.html", cases=cases, form=form)
    return page, 422 if request.method == "POST" else 200


def _decide(by: Actor, form: CaseForm) -> int:
    kept = (form.percent.data or Decimal(0)) / 100
    pair = int(form.pair.data or 0)
    return stipends_evidence.decide_case(by, pair, kept=kept, reason=form.reason.data or "")


@blueprint.post("/stipend-cases/<int:stipend_case_id>/agree")
@allows(Act.DECIDE_CASE)
def agree_case(stipend_case_id: int) -> ResponseReturnValue:
    """Agree as a second person."""
    if attempt_button(stipends_evidence.agree_case, stipend_case_id):
        flash(gettext("Agreed. The next run settles by it."), "success")
    return redirect(url_for(".list_cases"), 303)
