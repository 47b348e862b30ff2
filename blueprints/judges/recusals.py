"""Judges who step back while the scoring goes on: the chief judge's pages."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.judges.forms import RecusalForm
from blueprints.judges.views import blueprint
from blueprints.web import attempt
from models.contests import Event
from rules.acts import Act
from rules.states import EventState
from services import contests, judges_recusals


def _crumbs(event: Event) -> list[tuple[str, str]]:
    return [
        (event.title, url_for("contests.show_event", event_id=event.id)),
        (gettext("Progress"), url_for("judging.progress", event_id=event.id)),
    ]


@blueprint.get("/events/<int:event_id>/recusals")
@allows(Act.RECUSE_JUDGE)
def list_recusals(event_id: int) -> ResponseReturnValue:
    """Who stepped back from what, and who could be excused."""
    event = contests.get_event(event_id)
    return render_template(
        "judges/list_recusals.html",
        event=event,
        recusals=judges_recusals.list_recusals(event),
        seats=judges_recusals.list_excusable(event_id),
        scoring=event.state is EventState.SCORING,
        crumbs=_crumbs(event),
    )


@blueprint.route("/seats/<int:seat_id>/recuse", methods=["GET", "POST"])
@allows(Act.RECUSE_JUDGE)
def recuse(seat_id: int) -> ResponseReturnValue:
    """Excuse a judge from one work or from all."""
    found = judges_recusals.get_seat_on_panel(seat_id)
    event = contests.get_event(found.seat.event_id)
    form = RecusalForm()
    form.offer(found)
    if form.validate_on_submit() and attempt(
        form,
        judges_recusals.recuse,
        seat_id,
        form.reason.data or "",
        form.sheet_id.data or None,
        bool(form.with_reserve.data),
    ):
        flash(gettext("The judge is excused."), "success")
        return redirect(url_for(".list_recusals", event_id=event.id), 303)
    page = render_template(
        "judges/recuse.html",
        form=form,
        found=judges_recusals.get_seat_on_panel(seat_id),
        event=contests.get_event(event.id),
        crumbs=[
            *_crumbs(event),
            (gettext("Excused judges"), url_for(".list_recusals", event_id=event.id)),
        ],
    )
    return page, 422 if form.is_submitted() else 200
