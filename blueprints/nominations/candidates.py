"""One nomination: every clause, its papers, its steps; for staff and the employer that proposed."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.nominations.forms import (
    AnswerForm,
    CandidateForm,
    MaterialForm,
    ObjectionForm,
    ReasonForm,
)
from blueprints.nominations.views import blueprint, said
from blueprints.web import attempt, may, today, translated
from rules.acts import Act
from rules.nomination_dues import next_due
from rules.nominations import COMPLETABLE, EDITABLE, FilePurpose, NominationState
from services import (
    nominations,
    nominations_candidates,
    nominations_dues,
    nominations_facts,
    nominations_files,
    nominations_notices,
    nominations_outcomes,
)


@blueprint.get("/nominations/<int:nomination_id>")
@allows(Act.SEE_NOMINATION)
def show_nomination(nomination_id: int) -> ResponseReturnValue:
    """Show a nomination with every clause, its papers and what is next."""
    return nomination_page(nomination_id)


def nomination_page(key: int, forms: dict[str, ActForm] | None = None) -> str:
    """Draw a nomination, with forms that were refused."""
    row = nominations_candidates.get_nomination(key)
    staff = may(Act.SEE_NOMINATIONS)
    one = nominations.rules_of(row.call).find(row.list_key)
    verdict = nominations_facts.verdict_of(row)
    objections = nominations_notices.list_objections(key) if staff else []
    held = any(each.state == "open" for each in objections)
    due = next_due(nominations_dues.fact_of(row, held))
    own: dict[str, ActForm] = {
        "reason": ReasonForm(formdata=None),
        "file": MaterialForm(one, formdata=None),
        "objection": ObjectionForm(formdata=None),
        "answer": AnswerForm(formdata=None),
    }
    return render_template(
        "nominations/show_nomination.html",
        row=row,
        one=one,
        staff=staff,
        editable=row.state in (COMPLETABLE if staff else EDITABLE),
        verdict=verdict,
        reasons=[
            (each, [translated(word) for word in each.words], gettext(each.text))
            for each in verdict.reasons
        ],
        facts=nominations_facts.candidates_of([row])[row.id].facts,
        due=due,
        days_left=None if due is None else due.days_left(today()),
        objections=objections,
        files=nominations_files.list_files(row.call_id, row.id),
        proofs=nominations_files.list_files(row.call_id, row.id, FilePurpose.PROOF),
        forms=own | (forms or {}),
        errors=[
            text
            for name, form in (forms or {}).items()
            if name != "file"  # shows its own
            for text in said(form)
        ],
        State=NominationState,
    )


@blueprint.route("/nominations/<int:nomination_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_NOMINATION)
def edit_candidate(nomination_id: int) -> ResponseReturnValue:
    """Complete what the registers don't know of a candidate."""
    row = nominations_candidates.get_nomination(nomination_id)
    form = CandidateForm()
    if not form.is_submitted():
        form.show(row)
    elif form.validate():
        act = nominations_candidates.edit_candidate
        if attempt(form, act, row.id, form.facts(), form.base_version):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_nomination", nomination_id=row.id), 303)
    if form.is_submitted():
        form.add_rows()
    row = nominations_candidates.get_nomination(nomination_id)
    page = render_template("nominations/edit_candidate.html", form=form, row=row)
    return page, 422 if form.is_submitted() else 200


def _done(key: int) -> ResponseReturnValue:
    flash(gettext("Done."), "success")
    return redirect(url_for(".show_nomination", nomination_id=key), 303)


def _step(key: int, act: Callable[..., Any]) -> ResponseReturnValue:
    form = ActForm()
    if form.validate() and attempt(form, act, key):
        return _done(key)
    return nomination_page(key, {"act": form}), 422


@blueprint.post("/nominations/<int:nomination_id>/hand-in")
@allows(Act.PROPOSE_NOMINATION)
def hand_in(nomination_id: int) -> ResponseReturnValue:
    """Hand an own proposal in."""
    return _step(nomination_id, nominations_candidates.hand_in)


@blueprint.post("/nominations/<int:nomination_id>/check")
@allows(Act.MANAGE_NOMINATIONS)
def check(nomination_id: int) -> ResponseReturnValue:
    """Confirm that every clause is fulfilled."""
    return _step(nomination_id, nominations_candidates.check)


def _with_reason(key: int, act: Callable[..., Any]) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate() and attempt(form, act, key, reason=form.reason.data or ""):
        return _done(key)
    return nomination_page(key, {"reason": form}), 422


@blueprint.post("/nominations/<int:nomination_id>/return")
@allows(Act.MANAGE_NOMINATIONS)
def return_candidate(nomination_id: int) -> ResponseReturnValue:
    """Send a proposal back to be completed."""
    return _with_reason(nomination_id, nominations_candidates.return_candidate)


@blueprint.post("/nominations/<int:nomination_id>/decline")
@allows(Act.MANAGE_NOMINATIONS)
def decline(nomination_id: int) -> ResponseReturnValue:
    """Don't put a candidate forward."""
    return _with_reason(nomination_id, nominations_candidates.decline)


@blueprint.post("/nominations/<int:nomination_id>/withdraw")
@allows(Act.EDIT_NOMINATION)
def withdraw(nomination_id: int) -> ResponseReturnValue:
    """Withdraw a nomination."""
    return _with_reason(nomination_id, nominations_candidates.withdraw)


@blueprint.post("/nominations/<int:nomination_id>/take-back")
@allows(Act.MANAGE_NOMINATIONS)
def take_back(nomination_id: int) -> ResponseReturnValue:
    """Take an approved or sent nomination back, to complete it."""
    return _with_reason(nomination_id, nominations_candidates.take_back)


@blueprint.post("/nominations/<int:nomination_id>/undo-outcome")
@allows(Act.MANAGE_NOMINATIONS)
def undo_outcome(nomination_id: int) -> ResponseReturnValue:
    """Take back an outcome that was entered wrongly."""
    return _with_reason(nomination_id, nominations_outcomes.undo_outcome)


@blueprint.post("/nominations/<int:nomination_id>/objections")
@allows(Act.MANAGE_NOMINATIONS)
def record_objection(nomination_id: int) -> ResponseReturnValue:
    """Record an objection that came in."""
    form, act = ObjectionForm(), nominations_notices.record_objection
    if form.validate() and attempt(form, act, nomination_id, form.facts()):
        return _done(nomination_id)
    return nomination_page(nomination_id, {"objection": form}), 422


@blueprint.post("/nominations/objections/<int:nomination_objection_id>/answer")
@allows(Act.MANAGE_NOMINATIONS)
def answer_objection(nomination_objection_id: int) -> ResponseReturnValue:
    """Answer an objection."""
    form, act = AnswerForm(), nominations_notices.answer_objection
    key = nominations_notices.get_objection(nomination_objection_id).nomination_id
    if form.validate():
        upheld, answer = form.upheld.data == "yes", form.answer.data or ""
        if attempt(form, act, nomination_objection_id, upheld=upheld, answer=answer):
            return _done(key)
    return nomination_page(key, {"answer": form}), 422
