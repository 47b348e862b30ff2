"""Replies: figures chosen, a text with places for them, the Word file, what changed since."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.reports.forms import PutForm, ReplyForm
from blueprints.reports.views import SPEAKER, blueprint, reader
from blueprints.web import (
    acting,
    attempt,
    attempt_button,
    download,
    files_dir,
    page_number,
    today,
    translated,
)
from models.reports import ReplyKit
from rules.acts import Act
from rules.data import InvalidRules
from rules.figure_replies import FIELDS, next_word
from rules.refusals import Refused
from services import reports_figures, reports_replies
from services.acting import Actor
from services.reports_figures import Wanted

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/replies")
@allows(Act.SEE_FIGURES)
def list_replies() -> ResponseReturnValue:
    """List one's own replies and those that colleagues share."""
    q = request.args.get("q", "").strip()[:60]
    page = reports_replies.list_replies(reader(), q, page_number())
    counts = reports_replies.count_figures([row.id for row in page.items])
    return render_template("reports/list_replies.html", page=page, counts=counts)


@blueprint.route("/replies/new", methods=["GET", "POST"])
@allows(Act.WRITE_REPLY)
def new_reply() -> ResponseReturnValue:
    """Begin a reply."""
    form = ReplyForm()
    if form.validate_on_submit():
        done = attempt(form, _create, form)
        if done:
            return redirect(url_for(".show_reply", reply_id=done.id), 303)
    page = render_template("reports/reply_form.html", form=form, kit=None, fields=FIELDS)
    return page, 422 if form.is_submitted() else 200


def _create(by: Actor, form: ReplyForm) -> int:
    return reports_replies.create_reply(by, form.facts())


@blueprint.get("/replies/<int:reply_id>")
@allows(Act.SEE_FIGURES)
def show_reply(reply_id: int) -> ResponseReturnValue:
    """Show a reply: its text with the figures in place, its figures, what is still wrong."""
    kit = reports_replies.get_reply(reader(), reply_id)
    return _page(kit, _put_form(kit))


def _put_form(kit: ReplyKit) -> PutForm:
    used = frozenset(one.word for one in kit.figures)
    form = PutForm(word=next_word(used))
    known = reports_figures.list_figures(reader(), Wanted())
    form.figure.choices = [(row.id, row.title) for row in known.items]
    return form


def _page(kit: ReplyKit, form: PutForm) -> str:
    problems: list[str] = []
    preview = ""
    try:
        preview = reports_replies.text_of(kit, SPEAKER)
    except InvalidRules as invalid:
        problems = [translated(one) for one in invalid.problems]
    except Refused as refusal:
        problems = [translated(refusal)]
    return render_template(
        "reports/show_reply.html",
        kit=kit,
        own=kit.owner_id == reader(),
        form=form,
        preview=preview,
        problems=problems,
        fields=FIELDS,
        values={one.word: reports_replies.values_of(one.frozen, SPEAKER) for one in kit.figures},
    )


@blueprint.route("/replies/<int:reply_id>/edit", methods=["GET", "POST"])
@allows(Act.WRITE_REPLY)
def edit_reply(reply_id: int) -> ResponseReturnValue:
    """Write the text of a reply."""
    kit = reports_replies.get_reply(reader(), reply_id)
    if kit.owner_id != reader():
        abort(403)
    form = ReplyForm(obj=kit)
    version = request.form.get("version", kit.version, type=int)
    if form.validate_on_submit() and attempt(form, _edit, reply_id, version, form):
        return redirect(url_for(".show_reply", reply_id=reply_id), 303)
    page = render_template("reports/reply_form.html", form=form, kit=kit, fields=FIELDS)
    return page, 422 if form.is_submitted() else 200


def _edit(by: Actor, reply_id: int, version: int, form: ReplyForm) -> int:
    return reports_replies.edit_reply(by, reply_id, version, form.facts())


@blueprint.post("/replies/<int:reply_id>/figures")
@allows(Act.WRITE_REPLY)
def put_figure(reply_id: int) -> ResponseReturnValue:
    """Put a figure into a reply: its last frozen answer, or a new one."""
    kit = reports_replies.get_reply(reader(), reply_id)
    form = _put_form(kit)
    if form.validate() and attempt(form, _put, reply_id, form):
        return redirect(url_for(".show_reply", reply_id=reply_id), 303)
    return _page(reports_replies.get_reply(reader(), reply_id), form), 422


def _put(by: Actor, reply_id: int, form: PutForm) -> int:
    more: dict[str, Any] = {"figure_id": form.figure.data, "as_of": form.as_of.data}
    if form.frozen.data:
        latest = reports_figures.latest_frozen([form.figure.data]).get(form.figure.data)
        more = {"frozen_id": latest.id} if latest else more
    return reports_replies.put_figure(by, reply_id, form.word.data or "", **more)


@blueprint.post("/replies/<int:reply_id>/figures/<int:reply_figure_id>/drop")
@allows(Act.WRITE_REPLY)
def drop_figure(reply_id: int, reply_figure_id: int) -> ResponseReturnValue:
    """Take a figure out of a reply."""
    attempt_button(reports_replies.drop_figure, reply_id, reply_figure_id)
    return redirect(url_for(".show_reply", reply_id=reply_id), 303)


@blueprint.post("/replies/<int:reply_id>/send")
@allows(Act.WRITE_REPLY)
def send_reply(reply_id: int) -> ResponseReturnValue:
    """Keep a reply as it is sent."""
    if attempt_button(reports_replies.send_reply, reply_id, SPEAKER, files_dir()):
        flash(gettext("Kept as sent. Later this page tells which numbers have changed."), "success")
    return redirect(url_for(".show_reply", reply_id=reply_id), 303)


@blueprint.post("/replies/<int:reply_id>/remove")
@allows(Act.WRITE_REPLY)
def remove_reply(reply_id: int) -> ResponseReturnValue:
    """Remove a reply that was not sent."""
    if attempt_button(reports_replies.remove_reply, reply_id) is None:
        return redirect(url_for(".show_reply", reply_id=reply_id), 303)
    flash(gettext("The reply is removed."), "success")
    return redirect(url_for(".list_replies"), 303)


@blueprint.get("/replies/<int:reply_id>/reply.docx")
@allows(Act.SEE_FIGURES)
def reply_file(reply_id: int) -> ResponseReturnValue:
    """Download the Word file: as it was sent, or a draft of this moment."""
    kit = reports_replies.get_reply(reader(), reply_id, rows=True)
    if kit.file_key is not None:
        return download(reports_replies.sent_file(kit, files_dir()), f"{kit.title}.docx", WORD)
    try:
        data = reports_replies.word_of(kit, SPEAKER, acting())
    except InvalidRules as invalid:
        for problem in invalid.problems:
            flash(translated(problem), "danger")
    except Refused as refusal:
        flash(translated(refusal), "danger")
    else:
        return download(data, f"{kit.title}.docx", WORD)
    return redirect(url_for(".show_reply", reply_id=reply_id), 303)


@blueprint.get("/replies/<int:reply_id>/changes")
@allows(Act.SEE_FIGURES)
def reply_changes(reply_id: int) -> ResponseReturnValue:
    """Ask all figures of a reply again, as of their own days."""
    kit = reports_replies.get_reply(reader(), reply_id)
    moved = reports_replies.changes_since(kit, today())
    return render_template("reports/reply_changes.html", kit=kit, moved=moved)
