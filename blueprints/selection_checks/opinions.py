"""Opinions of other bodies: asked by letter, answered one by one, objections dealt with (R5.09)."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.selection_checks.forms import (
    AnswerForm,
    DealingForm,
    LetterForm,
    ProofForm,
    ReasonForm,
    RestForm,
)
from blueprints.selection_checks.views import blueprint, told_apart
from blueprints.web import acting, attempt, attempt_button, download, files_dir, today
from rules.acts import Act
from rules.selections import OpinionAnswer, OpinionDealing
from services import (
    selection_checks_files,
    selection_checks_opinions,
    selection_checks_opinions_lists,
    selection_checks_papers,
    selection_files,
    selections,
)
from services.attachments import Upload
from services.selection_checks_opinions import Letter

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/selection-checks/rounds/<int:selection_round_id>/opinions")
@allows(Act.ASK_OPINIONS)
def list_letters(selection_round_id: int) -> ResponseReturnValue:
    """List the letters of a round, and which bodies can be asked."""
    round_ = selections.get_round(selection_round_id)
    return render_template(
        "selection_checks/list_letters.html",
        round=round_,
        letters=selection_checks_opinions_lists.list_letters(round_),
        opinions=selections.rules_of(round_).opinions,
    )


@blueprint.route(
    "/selection-checks/rounds/<int:selection_round_id>/opinions/<body>/ask",
    methods=["GET", "POST"],
)
@allows(Act.ASK_OPINIONS)
def ask_opinions(selection_round_id: int, body: str) -> ResponseReturnValue:
    """Ask a body about many candidates at once."""
    round_ = selections.get_round(selection_round_id)
    opinion = selection_checks_opinions.opinion_of(selections.rules_of(round_), body)
    candidates = selection_checks_opinions_lists.list_candidates(round_, body)
    form = LetterForm()
    form.applications.choices = [
        (one.application.id, one.application.person.name) for one in candidates
    ]
    if not form.is_submitted():
        form.asked_on.data = today()
        form.due_on.data = today() + timedelta(days=-(-opinion.days * 7 // 5))
        form.applications.data = [
            one.application.id for one in candidates if one.about is not False
        ]
    elif form.validate():
        letter = Letter(body, form.number.data or "", form.asked_on.data, form.due_on.data)  # type: ignore[arg-type]
        chosen = form.applications.data or []
        act = selection_checks_opinions.ask_opinions
        if attempt(form, act, selection_round_id, letter, chosen):
            flash(gettext("Asked. Print the letter and send it."), "success")
            return redirect(_address(selection_round_id, body, letter.number), 303)
    page = render_template(
        "selection_checks/ask_opinions.html",
        round=round_,
        opinion=opinion,
        candidates=candidates,
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


def _address(round_id: int, body: str, number: str) -> str:
    return url_for(".show_letter", selection_round_id=round_id, body=body, number=number)


@blueprint.get("/selection-checks/rounds/<int:selection_round_id>/opinions/<body>/letter")
@allows(Act.ASK_OPINIONS)
def show_letter(selection_round_id: int, body: str) -> ResponseReturnValue:
    """Show a letter with what was answered."""
    return _letter_page(selection_round_id, body, request.args.get("number", ""), {})


def _letter_page(round_id: int, body: str, number: str, forms: dict[str, ActForm]) -> str:
    known: dict[str, ActForm] = {
        "rest": told_apart(RestForm(formdata=None), "rest"),
        "export": told_apart(ReasonForm(formdata=None), "export"),
    }
    return render_template(
        "selection_checks/show_letter.html",
        it=selection_checks_opinions_lists.get_letter(round_id, body, number),
        forms=known | forms,
        refused=forms,
    )


@blueprint.post("/selection-checks/rounds/<int:selection_round_id>/opinions/<body>/rest")
@allows(Act.ASK_OPINIONS)
def record_rest(selection_round_id: int, body: str) -> ResponseReturnValue:
    """Record that a body has no objection to all others of a letter."""
    form, number = told_apart(RestForm(), "rest"), request.form.get("number", "")
    assert isinstance(form, RestForm)
    act, key = selection_checks_opinions.record_rest, selection_round_id
    if form.validate():
        done = attempt(form, act, key, body, number, form.answered_on.data or today())
        if done:
            flash(gettext("No objection recorded for %(count)s.", count=done.value), "success")
            return redirect(_address(selection_round_id, body, number), 303)
    return _letter_page(selection_round_id, body, number, {"rest": form}), 422


@blueprint.post("/selection-checks/rounds/<int:selection_round_id>/opinions/<body>/take-back")
@allows(Act.ASK_OPINIONS)
def take_back_letter(selection_round_id: int, body: str) -> ResponseReturnValue:
    """Take a letter back that nobody has answered."""
    number, act = request.form.get("number", ""), selection_checks_opinions.take_back_letter
    if attempt_button(act, selection_round_id, body, number):
        flash(gettext("The letter is taken back."), "success")
        return redirect(url_for(".list_letters", selection_round_id=selection_round_id), 303)
    return redirect(_address(selection_round_id, body, number), 303)


@blueprint.get("/selection-checks/rounds/<int:selection_round_id>/opinions/<body>/letter.<kind>")
@allows(Act.ASK_OPINIONS)
def letter_paper(selection_round_id: int, body: str, kind: str) -> ResponseReturnValue:
    """Download the letter with its list; identity numbers are masked."""
    return _paper(selection_round_id, body, request.args.get("number", ""), kind, full=False)


def _paper(round_id: int, body: str, number: str, kind: str, full: bool) -> ResponseReturnValue:
    letter = selection_checks_opinions_lists.get_letter(round_id, body, number, with_ids=True)
    name = f"{letter.opinion.title}-{number}"
    if kind == "docx":
        return download(selection_checks_papers.letter_docx(letter, full), f"{name}.docx", WORD)
    return download(selection_checks_papers.letter_pdf(letter, full), f"{name}.pdf", PDF)


@blueprint.post("/selection-checks/rounds/<int:selection_round_id>/opinions/<body>/export")
@allows(Act.ASK_OPINIONS)
def export_ids(selection_round_id: int, body: str) -> ResponseReturnValue:
    """Download the letter with whole identity numbers: recorded, with its reason."""
    form, number = told_apart(ReasonForm(), "export"), request.form.get("number", "")
    assert isinstance(form, ReasonForm)
    act, key = selection_checks_papers.export_ids, selection_round_id
    if form.validate() and attempt(form, act, key, body, number, reason=form.reason.data or ""):
        kind = "docx" if request.form.get("kind") == "docx" else "pdf"
        return _paper(selection_round_id, body, number, kind, full=True)
    return _letter_page(selection_round_id, body, number, {"export": form}), 422


@blueprint.get("/selection-checks/opinions/<int:selection_opinion_id>")
@allows(Act.ASK_OPINIONS)
def show_opinion(selection_opinion_id: int) -> ResponseReturnValue:
    """Show what a body answered about one candidate, and how an objection is dealt with."""
    return _opinion_page(selection_opinion_id, {})


def _opinion_page(opinion_id: int, forms: dict[str, ActForm]) -> str:
    row = selection_checks_opinions_lists.get_opinion(opinion_id)
    answer = AnswerForm(formdata=None)
    if row.answer is not OpinionAnswer.NONE:
        answer.answer.data, answer.answered_on.data = row.answer.value, row.answered_on
        answer.note.data = row.note
    known: dict[str, ActForm] = {
        "answer": told_apart(answer, "answer"),
        "dealing": told_apart(DealingForm(formdata=None), "dealing"),
        "file": told_apart(ProofForm(formdata=None), "file"),
    }
    rules = selections.rules_of(row.application.round)
    return render_template(
        "selection_checks/show_opinion.html",
        row=row,
        opinion=selection_checks_opinions.opinion_of(rules, row.body),
        names=selection_checks_opinions_lists.names_of(row),
        files=selection_files.list_files(selection_checks_files.OPINION, opinion_id),
        forms=known | forms,
        me=acting().account_id,
    )


def _opinion(opinion_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_opinion", selection_opinion_id=opinion_id), 303)


@blueprint.post("/selection-checks/opinions/<int:selection_opinion_id>/answer")
@allows(Act.ASK_OPINIONS)
def record_answer(selection_opinion_id: int) -> ResponseReturnValue:
    """Record what a body answered about one candidate."""
    form = told_apart(AnswerForm(), "answer")
    assert isinstance(form, AnswerForm)
    if form.validate():
        answer, note = OpinionAnswer(form.answer.data), form.note.data or ""
        act, day = selection_checks_opinions.record_answer, form.answered_on.data or today()
        if attempt(form, act, selection_opinion_id, answer, day, note):
            flash(gettext("The answer is recorded."), "success")
            return _opinion(selection_opinion_id)
    return _opinion_page(selection_opinion_id, {"answer": form}), 422


@blueprint.post("/selection-checks/opinions/<int:selection_opinion_id>/files")
@allows(Act.ASK_OPINIONS)
def add_answer_file(selection_opinion_id: int) -> ResponseReturnValue:
    """Add the answer of a body as a file."""
    form, holder = told_apart(ProofForm(), "file"), selection_checks_files.OPINION
    assert isinstance(form, ProofForm)
    if form.validate():
        upload = Upload(form.file.data.filename or "", form.file.data.read())
        act = selection_files.attach
        if attempt(form, act, holder, selection_opinion_id, upload, files_dir()):
            flash(gettext("The file is kept."), "success")
            return _opinion(selection_opinion_id)
    return _opinion_page(selection_opinion_id, {"file": form}), 422


@blueprint.post("/selection-checks/opinions/<int:selection_opinion_id>/dealing")
@allows(Act.ASK_OPINIONS)
def propose_dealing(selection_opinion_id: int) -> ResponseReturnValue:
    """Propose what becomes of an application after an objection."""
    form = told_apart(DealingForm(), "dealing")
    assert isinstance(form, DealingForm)
    if form.validate():
        act, dealing = selection_checks_opinions.propose_dealing, OpinionDealing(form.dealing.data)
        reason = form.reason.data or ""
        if attempt(form, act, selection_opinion_id, dealing, reason=reason):
            flash(gettext("Proposed; a second person decides."), "success")
            return _opinion(selection_opinion_id)
    return _opinion_page(selection_opinion_id, {"dealing": form}), 422


@blueprint.post("/selection-checks/opinions/<int:selection_opinion_id>/dealing/agree")
@allows(Act.ASK_OPINIONS)
def agree_dealing(selection_opinion_id: int) -> ResponseReturnValue:
    """Agree, as a second person, how an objection is dealt with."""
    if attempt_button(selection_checks_opinions.agree_dealing, selection_opinion_id):
        flash(gettext("The objection is dealt with."), "success")
    return _opinion(selection_opinion_id)


@blueprint.post("/selection-checks/opinions/<int:selection_opinion_id>/dealing/reject")
@allows(Act.ASK_OPINIONS)
def reject_dealing(selection_opinion_id: int) -> ResponseReturnValue:
    """Reject, as a second person, how an objection shall be dealt with."""
    if attempt_button(selection_checks_opinions.reject_dealing, selection_opinion_id):
        flash(gettext("Rejected; the objection waits again."), "success")
    return _opinion(selection_opinion_id)
