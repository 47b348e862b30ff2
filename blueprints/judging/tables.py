"""All works of one seat in one table, for parts with few aspects such as theory."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.judging.marks import Attempt, read_table
from blueprints.judging.views import blueprint
from blueprints.web import translated
from rules.acts import Act
from services import marks, sheets


@blueprint.get("/seats/<int:seat_id>/table")
@allows(Act.SEE_SHEETS)
def show_table(seat_id: int) -> ResponseReturnValue:
    """One line for each work code."""
    return _page(seat_id, Attempt([]))


@blueprint.post("/seats/<int:seat_id>/table")
@allows(Act.ENTER_MARK)
def save_table(seat_id: int) -> ResponseReturnValue:
    """Save all changed lines, or none."""
    attempt = Attempt(read_table(request.form))
    if attempt.run(marks.enter_table, seat_id):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".show_table", seat_id=seat_id), 303)
    return _page(seat_id, attempt), 422


@blueprint.route("/seats/<int:seat_id>/sign", methods=["GET", "POST"])
@allows(Act.SIGN_SHEET)
def sign_table(seat_id: int) -> ResponseReturnValue:
    """Save the table and sign all its sheets."""
    if request.method != "POST":  # a refused page that is loaded again
        return redirect(url_for(".show_table", seat_id=seat_id), 303)
    attempt = Attempt(read_table(request.form))
    if attempt.run(marks.sign_table, seat_id):
        flash(gettext("All sheets of this table are signed."), "success")
        return redirect(url_for(".show_table", seat_id=seat_id), 303)
    return _page(seat_id, attempt), 422


def _page(seat_id: int, attempt: Attempt) -> str:
    view = sheets.get_table(seat_id)
    event = view.event
    return render_template(
        "judging/show_table.html",
        view=view,
        event=event,
        attempt=attempt,
        state=attempt.state({row.sheet_id: row.marks for row in view.rows}),
        locked=translated(view.locked) if view.locked else None,
        crumbs=[
            (gettext("Score sheets"), url_for(".list_own")),
            (event.title, url_for(".list_sheets", event_id=event.id)),
        ],
    )
