"""Pages of official documents: what can be made, made ones, as Word and as PDF."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from blueprints.access import allows, current_holder
from blueprints.documents.forms import DocumentForm, ReasonForm
from blueprints.labels import label, level_title
from blueprints.web import attempt, download, files_dir, today
from models.contests import Contest
from models.documents import Document
from rules import access
from rules.access import Place
from rules.acts import Act
from rules.documents import (
    FIELDS,
    DocumentKind,
    LeftOutFor,
    days_text,
    suggested,
)
from rules.documents_wordings import wording_of
from rules.editions import ContestKind
from rules.texts import N_
from services import certificates_issuing, contests, documents_making
from services.documents_facts import MAKERS, Wishes
from services.documents_parts import Words

blueprint = Blueprint("documents", __name__)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
_TYPED = ("number", "title", "addressee", "opening", "closing", "issuers")


def _in_chinese(text: str) -> str:
    with force_locale("zh_Hans_CN"):
        return str(gettext(text)) if text else ""


def _level_in_chinese(level: int | None) -> str:
    with force_locale("zh_Hans_CN"):
        return level_title(level)


_OF_SELECTIONS = {
    DocumentKind.DECISION: N_("Decision of a selection"),
    DocumentKind.WINNERS: N_("List of the people chosen"),
}


@blueprint.app_template_filter("paper_title")
def paper_title(kind: DocumentKind, contest: Contest) -> str:
    """Name a kind of document: a selection has no winners."""
    own = contest.kind is ContestKind.SELECTION and _OF_SELECTIONS.get(kind)
    return gettext(own) if own else label(kind)


WORDS = Words(_in_chinese, _level_in_chinese)


def kind_of(text: str) -> DocumentKind:
    """Read a kind from an address; 404 for any other text."""
    if text not in {kind.value for kind in DocumentKind}:
        abort(404)
    return DocumentKind(text)


def _may(act: Act, contest_id: int) -> bool:
    return access.allowed(act, current_holder(), Place(contest_id=contest_id))


@blueprint.get("/contests/<int:contest_id>/documents")
@allows(Act.SEE_DOCUMENTS)
def list_documents(contest_id: int) -> ResponseReturnValue:
    """List the documents of a contest, what can be made, and why something cannot."""
    seen = {kind for kind, maker in MAKERS.items() if _may(maker.see, contest_id)}
    return render_template(
        "documents/list_documents.html",
        contest=contests.get_outline(contest_id),
        standings=[
            (one, _may(MAKERS[one.kind].make, contest_id))
            for one in documents_making.list_standings(contest_id)
            if one.kind in seen
        ],
        documents=[
            (one, documents_making.is_superseded(one))
            for one in documents_making.list_documents(contest_id)
            if one.kind in seen
        ],
    )


@blueprint.route("/contests/<int:contest_id>/documents/new/<kind>", methods=["GET", "POST"])
@allows(Act.MAKE_DOCUMENT)
def new_document(contest_id: int, kind: str) -> ResponseReturnValue:
    """Write the words of a document around what the results say, and make it."""
    chosen, contest = kind_of(kind), contests.get_outline(contest_id)
    maker = MAKERS[chosen]
    if not _may(maker.make, contest_id):
        abort(403)
    sources = maker.sources(contest_id)
    form = DocumentForm(**_suggested(contest, chosen))
    _offer(form, contest_id, chosen, sources)
    if form.is_submitted() and form.validate():
        done = attempt(
            form, documents_making.make, contest_id, chosen, _wishes(form), WORDS, files_dir()
        )
        if done:
            flash(gettext("The document is made."), "success")
            return redirect(url_for(".show_document", document_id=done.id), 303)
    page = render_template(
        "documents/new_document.html",
        contest=contest,
        kind=chosen,
        form=form,
        problem=None if sources else maker.nothing,
    )
    return page, 422 if form.is_submitted() else 200


def _suggested(contest: Contest, kind: DocumentKind) -> dict[str, Any]:
    held, words = days_text(contest.starts_on, contest.ends_on), wording_of(contest.kind)
    return {
        "title": suggested(words.titles, kind, contest.title, held),
        "opening": suggested(words.openings, kind, contest.title, held),
        "closing": suggested(words.closings, kind, contest.title, held),
        "addressee": "各有关单位" if kind is DocumentKind.DECISION else "",
        "issuers": "\n".join(certificates_issuing.issuers_of(contest)),
        "dated": today(),
    }


def _offer(form: DocumentForm, contest_id: int, kind: DocumentKind, sources: list[Any]) -> None:
    """Offer the sources, all of them chosen, and leave out the words that a kind has not."""
    form.sources.choices = [(one.id, one.title) for one in sources]
    older = documents_making.list_replaceable(contest_id, kind)
    form.replaces.choices = [(0, gettext("No document")), *older]
    if not form.is_submitted():
        one_only = MAKERS[kind].one_only
        form.sources.data = [one.id for one in (sources[-1:] if one_only else sources)]
    known = {field.key for field in FIELDS[kind]}
    if kind is DocumentKind.NOTICE:  # its title and text are those of the notice
        known -= {"opening"}
        del form.title
    for name in {"addressee", "opening", "closing"} - known:
        del form[name]


def _wishes(form: DocumentForm) -> Wishes:
    typed = {name: form[name].data or "" for name in _TYPED if name in form}
    dated = form.dated.data
    return Wishes(
        sources=tuple(form.sources.data or ()),
        dated=dated if isinstance(dated, date) else today(),
        replaces=form.replaces.data or None,
        **typed,
    )


@blueprint.get("/documents/<int:document_id>")
@allows(Act.SEE_DOCUMENTS)
def show_document(document_id: int) -> ResponseReturnValue:
    """Show where a document comes from, who is left out, and its files."""
    return _page(_seen(document_id), ReasonForm())


def _seen(document_id: int) -> Document:
    """Return a document that the reader may see; 404 for one of a kind that is not for her."""
    found = documents_making.get_document(document_id)
    if not _may(MAKERS[found.kind].see, found.contest_id):
        abort(404)
    return found


def _page(found: Document, form: ReasonForm) -> str:
    left_out = [(name, event, label(LeftOutFor(why))) for name, event, why in found.left_out]
    return render_template(
        "documents/show_document.html",
        document=found,
        contest=contests.get_outline(found.contest_id),
        superseded=documents_making.is_superseded(found),
        left_out=left_out,
        may_make=_may(MAKERS[found.kind].make, found.contest_id),
        form=form,
    )


@blueprint.get("/documents/<int:document_id>/word")
@allows(Act.SEE_DOCUMENTS)
def download_word(document_id: int) -> ResponseReturnValue:
    """Send a document as Word."""
    found = _seen(document_id)
    return download(documents_making.word_of(found, files_dir()), f"{found.title}.docx", WORD)


@blueprint.get("/documents/<int:document_id>/pdf")
@allows(Act.SEE_DOCUMENTS)
def download_pdf(document_id: int) -> ResponseReturnValue:
    """Send the same facts as PDF."""
    found = _seen(document_id)
    return download(documents_making.pdf_of(found, files_dir()), f"{found.title}.pdf", PDF)


@blueprint.post("/documents/<int:document_id>/withdraw")
@allows(Act.MAKE_DOCUMENT)
def withdraw(document_id: int) -> ResponseReturnValue:
    """Withdraw a document, with a reason."""
    found, form = _seen(document_id), ReasonForm()
    if not _may(MAKERS[found.kind].make, found.contest_id):
        abort(403)
    reason = form.reason.data or ""
    if form.validate() and attempt(form, documents_making.withdraw, document_id, reason=reason):
        flash(gettext("The document is withdrawn."), "success")
        return redirect(url_for(".show_document", document_id=document_id), 303)
    return _page(_seen(document_id), form), 422
