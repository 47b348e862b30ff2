"""The layout of a hall, and what all pages of the hall share."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.halls.forms import HallForm, hall_values
from blueprints.web import attempt, contest_crumbs, may_at
from models.contests import Event
from rules.acts import Act
from services import contests, halls

blueprint = Blueprint("halls", __name__)


def hall_crumbs(event: Event) -> list[tuple[str, str]]:
    """Return the way back to the event, for those who may go it."""
    if not may_at(Act.SEE_EVENT, event.contest_id, event.id):
        return []
    here = url_for("contests.show_event", event_id=event.id)
    return [*contest_crumbs(event.contest), (event.title, here)]


@blueprint.route("/events/<int:event_id>/hall/layout", methods=["GET", "POST"])
@allows(Act.EDIT_HALL)
def edit_hall(event_id: int) -> ResponseReturnValue:
    """Batches, stations, papers and working time of an event."""
    event = contests.get_event(event_id)
    form = HallForm(data=hall_values(halls.find_hall(event_id)))
    if form.validate_on_submit():
        if attempt(form, halls.edit_hall, event_id, form.base_version, form.rules()):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".list_lots", event_id=event_id), 303)
        event = contests.get_event(event_id)
    page = render_template(
        "halls/edit_hall.html",
        form=form,
        event=event,
        open=event.state in halls.OPEN_STATES,
        crumbs=hall_crumbs(event),
    )
    return page, 422 if form.is_submitted() else 200
