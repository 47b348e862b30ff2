"""Figures: the library, saved questions with their numbers and lists, typed numbers."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from pydantic import ValidationError

from blueprints.access import allows
from blueprints.labels import level_title
from blueprints.reports.forms import (
    FreezeForm,
    QuestionForm,
    TypedForm,
    asked_in,
    named,
    question_form,
)
from blueprints.web import XLSX, attempt, attempt_button, download, page_number, today
from models.reports import Figure
from rules.acts import Act
from rules.data import InvalidRules
from rules.figure_library import LIBRARY
from rules.figures import FigureKind, Part, Question, Source, Typed, shown_number
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import reports, reports_exports, reports_figures, reports_freezing
from services.acting import Actor
from services.reports_exports import FileKind
from services.reports_figures import Wanted
from services.reports_papers import used_fields
from services.reports_words import Speaker

blueprint = Blueprint("reports", __name__)
CSV = "text/csv; charset=utf-8"


SPEAKER = Speaker(lambda text: str(gettext(text)) if text else "", named, level_title)


def reader() -> int:
    """Return the account that reads."""
    return int(current_user.id)


@blueprint.app_template_filter("plain_number")
def plain_number(value: Any) -> str:
    """Show a number as replies write it."""
    return shown_number(value)


@blueprint.get("/figures")
@allows(Act.SEE_FIGURES)
def list_figures() -> ResponseReturnValue:
    """List one's own figures and those that colleagues share."""
    kind = request.args.get("kind", "")
    wanted = Wanted(
        q=request.args.get("q", "").strip()[:60],
        kind=FigureKind(kind) if kind in set(FigureKind) else None,
        own=request.args.get("own") == "1",
    )
    page = reports_figures.list_figures(reader(), wanted, page_number())
    return render_template(
        "reports/list_figures.html",
        page=page,
        frozen=reports_figures.latest_frozen([row.id for row in page.items]),
        kinds=FigureKind,
        asked_of=reports_figures.asked_of,
        speaker=SPEAKER,
    )


@blueprint.get("/figures/library")
@allows(Act.SEE_FIGURES)
def list_ready() -> ResponseReturnValue:
    """List the ready figures, by city and line of its document."""
    cities: dict[str, list[Any]] = {}
    for ready in LIBRARY.values():
        cities.setdefault(ready.city, []).append(ready)
    return render_template("reports/list_ready.html", cities=cities, typed=Typed)


@blueprint.get("/figures/library/<key>")
@allows(Act.SEE_FIGURES)
def show_ready(key: str) -> ResponseReturnValue:
    """Show a ready figure with the number of this moment."""
    ready = LIBRARY.get(key)
    if ready is None:
        raise Missing(key)
    more = _answered(ready.asked)
    return render_template("reports/show_ready.html", ready=ready, **more)


@blueprint.post("/figures/library/<key>/take")
@allows(Act.EDIT_FIGURES)
def take_ready(key: str) -> ResponseReturnValue:
    """Take a ready figure among one's own."""
    done = attempt_button(reports_figures.take_ready, key)
    if done is None:
        return redirect(url_for(".show_ready", key=key), 303)
    flash(gettext("It is among your figures now; change titles and years to yours."), "success")
    return redirect(url_for(".show_figure", figure_id=done.id), 303)


def _answered(asked: Question | Typed, page: int = 1) -> dict[str, Any]:
    """Return what a page shows of a question: number, splits, sentence, conditions, list."""
    if isinstance(asked, Typed):
        day = asked.as_of or today()
        said = SPEAKER.sentence(asked, asked.number, [], day)
        return {"asked": asked, "answer": None, "sentence": said, "speaker": SPEAKER}
    answer = reports.ask(asked, today())
    rows = reports.page_of_rows(asked, today(), page, answer=answer)
    return {
        "asked": asked,
        "answer": answer,
        "sentence": SPEAKER.sentence(asked, answer.number, answer.splits, answer.day),
        "conditions": SPEAKER.conditions(answer.question),
        "page": rows,
        "fields": used_fields(list(rows.items)),
        "speaker": SPEAKER,
    }


@blueprint.get("/figures/<int:figure_id>")
@allows(Act.SEE_FIGURES)
def show_figure(figure_id: int) -> ResponseReturnValue:
    """Show a figure: its number now, its parts, the list behind it, and what was frozen."""
    return figure_page(figure_id, FreezeForm())


def figure_page(figure_id: int, form: FreezeForm) -> str:
    """Return the page of a figure with the form for freezing."""
    row = reports_figures.get_figure(reader(), figure_id)
    return render_template(
        "reports/show_figure.html",
        figure=row,
        own=row.owner_id == reader(),
        frozen=reports_freezing.list_frozen(figure_id),
        form=form,
        **_answered(reports_figures.asked_of(row), page_number()),
    )


@blueprint.route("/figures/new", methods=["GET", "POST"])
@allows(Act.EDIT_FIGURES)
def new_figure() -> ResponseReturnValue:
    """Choose a register, then ask it."""
    chosen = request.args.get("source", "")
    if chosen not in set(Source):
        return render_template("reports/choose_source.html", sources=Source)
    source = Source(chosen)
    form = question_form(source)
    if form.validate_on_submit():
        done = attempt(form, _create, form, source)
        if done:
            return redirect(url_for(".show_figure", figure_id=done.id), 303)
    return _question_page(form, source, None)


def _create(by: Actor, form: QuestionForm, source: Source) -> int:
    return reports_figures.create_figure(by, asked_in(form, source), form.noted())


def _question_page(form: QuestionForm, source: Source, figure: Figure | None) -> tuple[str, int]:
    page = render_template(
        "reports/question_form.html",
        form=form,
        source=source,
        figure=figure,
        lists=[name for name in form.data if name.startswith("only_")],
        known={
            part: values[:12]
            for part, values in reports.choices(source, _text_parts(form), today()).items()
        },
    )
    return page, 422 if form.is_submitted() else 200


def _text_parts(form: QuestionForm) -> list[Part]:
    return [
        part
        for part in Part
        if f"only_{part.value}" in form and not hasattr(form[f"only_{part.value}"], "choices")
    ]


@blueprint.route("/figures/new-typed", methods=["GET", "POST"])
@allows(Act.EDIT_FIGURES)
def new_typed() -> ResponseReturnValue:
    """Type a number that a document gives."""
    form = TypedForm()
    if form.validate_on_submit():
        done = attempt(form, _create_typed, form)
        if done:
            return redirect(url_for(".show_figure", figure_id=done.id), 303)
    page = render_template("reports/typed_form.html", form=form, figure=None)
    return page, 422 if form.is_submitted() else 200


def _create_typed(by: Actor, form: TypedForm) -> int:
    return reports_figures.create_figure(by, _typed(form), form.noted())


def _typed(form: TypedForm) -> Typed:
    try:
        return form.asked()
    except ValidationError:
        text = N_("Write each of these as a name, a space and a number.")
        raise InvalidRules([Refused(text, "parts")]) from None


@blueprint.route("/figures/<int:figure_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_FIGURES)
def edit_figure(figure_id: int) -> ResponseReturnValue:
    """Change a figure of one's own."""
    row = reports_figures.get_figure(reader(), figure_id)
    if row.owner_id != reader():
        abort(403)
    asked = reports_figures.asked_of(row)
    noted = {"note": row.note, "shared": row.shared}
    form: QuestionForm | TypedForm
    if isinstance(asked, Typed):
        parts = "\n".join(f"{one.title} {shown_number(one.number)}" for one in asked.parts)
        form = TypedForm(data=asked.model_dump() | {"parts": parts} | noted)
    else:
        form = question_form(asked.source, asked, **noted)
    if form.validate_on_submit() and attempt(form, _edit, row, asked, form):
        flash(gettext("Saved. What was frozen keeps its own question."), "success")
        return redirect(url_for(".show_figure", figure_id=figure_id), 303)
    if isinstance(form, TypedForm):
        page = render_template("reports/typed_form.html", form=form, figure=row)
        return page, 422 if form.is_submitted() else 200
    assert isinstance(asked, Question)
    return _question_page(form, asked.source, row)


def _edit(by: Actor, row: Figure, asked: Any, form: QuestionForm | TypedForm) -> int:
    new = _typed(form) if isinstance(form, TypedForm) else asked_in(form, asked.source)
    return reports_figures.edit_figure(by, row.id, row.version, new, form.noted())


@blueprint.post("/figures/<int:figure_id>/remove")
@allows(Act.EDIT_FIGURES)
def remove_figure(figure_id: int) -> ResponseReturnValue:
    """Remove a figure that was never frozen."""
    if attempt_button(reports_figures.remove_figure, figure_id) is None:
        return redirect(url_for(".show_figure", figure_id=figure_id), 303)
    flash(gettext("The figure is removed."), "success")
    return redirect(url_for(".list_figures"), 303)


@blueprint.post("/figures/<int:figure_id>/list.<kind>")
@allows(Act.SEE_FIGURES)
def export_figure(figure_id: int, kind: str) -> ResponseReturnValue:
    """Download the list behind a figure; the download is recorded."""
    chosen = file_kind(kind)
    done = attempt_button(reports_exports.export_figure, figure_id, chosen, SPEAKER)
    if done is None or not isinstance(done.value, bytes):
        return redirect(url_for(".show_figure", figure_id=figure_id), 303)
    return send_list(done.value, reports_figures.get_figure(reader(), figure_id).title, chosen)


def file_kind(text: str) -> FileKind:
    """Read the kind of a file from an address; 404 for any other text."""
    if text not in set(FileKind):
        abort(404)
    return FileKind(text)


def send_list(data: bytes, title: str, kind: FileKind) -> Response:
    """Send a list as a file to save."""
    mimetype = XLSX if kind is FileKind.XLSX else CSV
    return download(data, f"{title}-{today():%Y%m%d}.{kind.value}", mimetype)
