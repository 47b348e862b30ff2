"""Frozen answers: kept, signed, downloaded, compared with what the registers say now."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.reports.forms import FreezeForm
from blueprints.reports.views import (
    SPEAKER,
    blueprint,
    figure_page,
    file_kind,
    reader,
    send_list,
)
from blueprints.web import attempt, attempt_button, page_number, today
from rules.acts import Act
from rules.figures import Question
from services import reports_exports, reports_freezing
from services.pages import Page
from services.reports_figures import asked_of
from services.reports_papers import source_lines, used_fields

SHOWN = 50


@blueprint.post("/figures/<int:figure_id>/freeze")
@allows(Act.EDIT_FIGURES)
def freeze(figure_id: int) -> ResponseReturnValue:
    """Keep the answer as of a day, with the list behind it."""
    form = FreezeForm()
    version = request.form.get("version", type=int)
    if form.validate():
        done = attempt(
            form, reports_freezing.freeze, figure_id, form.as_of.data, form.note.data or "", version
        )
        if done:
            flash(gettext("Frozen. This answer stays as it is."), "success")
            return redirect(url_for(".show_frozen", frozen_id=done.id), 303)
    return figure_page(figure_id, form), 422


@blueprint.get("/figures/frozen/<int:frozen_id>")
@allows(Act.SEE_FIGURES)
def show_frozen(frozen_id: int) -> ResponseReturnValue:
    """Show a frozen answer, the present one, and every row in which they differ."""
    found = reports_freezing.get_frozen(reader(), frozen_id)
    asked, splits = asked_of(found), reports_freezing.splits_of(found)
    rows = reports_freezing.rows_of(found)
    number = max(1, min(page_number(), -(-len(rows) // SHOWN) or 1))
    on_today = request.args.get("on") == "today"
    compared = reports_freezing.compare(found, today(), on=today() if on_today else None)
    return render_template(
        "reports/show_frozen.html",
        frozen=found,
        asked=asked,
        source=asked.source if isinstance(asked, Question) else None,
        splits=splits,
        sentence=SPEAKER.sentence(asked, found.value, splits, found.as_of),
        lines=source_lines(found, SPEAKER),
        whole=reports_freezing.is_whole(found),
        compared=compared,
        on_today=on_today,
        page=Page(rows[(number - 1) * SHOWN : number * SHOWN], len(rows), number, SHOWN),
        fields=used_fields(rows),
        own=found.frozen_by_id == reader(),
        speaker=SPEAKER,
    )


@blueprint.post("/figures/frozen/<int:frozen_id>/sign")
@allows(Act.EDIT_FIGURES)
def sign(frozen_id: int) -> ResponseReturnValue:
    """Sign a frozen answer as a second person."""
    if attempt_button(reports_freezing.sign, frozen_id):
        flash(gettext("Signed."), "success")
    return redirect(url_for(".show_frozen", frozen_id=frozen_id), 303)


@blueprint.post("/figures/frozen/<int:frozen_id>/list.<kind>")
@allows(Act.SEE_FIGURES)
def export_frozen(frozen_id: int, kind: str) -> ResponseReturnValue:
    """Download the list behind a frozen answer, as it was frozen."""
    chosen = file_kind(kind)
    done = attempt_button(reports_exports.export_frozen, frozen_id, chosen, SPEAKER)
    if done is None or not isinstance(done.value, bytes):
        return redirect(url_for(".show_frozen", frozen_id=frozen_id), 303)
    title = reports_freezing.get_frozen(reader(), frozen_id, rows=False).title
    return send_list(done.value, title, chosen)
