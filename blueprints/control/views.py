"""The control room: one grid of all sheets, the alarms, and what changed since a second ago."""

import hashlib
from typing import Any

from flask import (
    Blueprint,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from blueprints.access import allows, require_holder
from blueprints.control.forms import NoteForm
from blueprints.web import attempt, now, translated
from models.contests import Event
from rules.access import Place, Role, covers
from rules.acts import Act
from rules.alarms import AlarmGroup
from services import contests, control
from services.control import DECODED, Cell, CellState, Found, Room, Row

blueprint = Blueprint("control", __name__)
SHOWN_ALARMS = 60
SIGNS = {
    CellState.EMPTY: "–",
    CellState.COMPLETE: "●",
    CellState.SIGNED: "✓",
    CellState.EXCUSED: "○",
    CellState.ASKED: "↻",
}


@blueprint.app_template_filter("cell_sign")
def cell_sign(cell: Cell) -> str:
    """Write one sheet in as few signs as fit a cell of the grid."""
    return SIGNS.get(cell.state) or f"{cell.marked}/{cell.lines}"


def crumbs(event: Event) -> list[tuple[str, str]]:
    """Return the way back from a page of an event."""
    return [
        (gettext("Contests"), url_for("contests.list_contests")),
        (event.contest.title, url_for("contests.show_contest", contest_id=event.contest_id)),
        (event.title, url_for("contests.show_event", event_id=event.id)),
    ]


def below(event: Event) -> list[tuple[str, str]]:
    """Return the way back from a page below the control room."""
    return [*crumbs(event), (gettext("Control room"), url_for("control.show", event_id=event.id))]


@blueprint.get("/events/<int:event_id>/control")
@allows(Act.SEE_PROGRESS)
def show(event_id: int) -> ResponseReturnValue:
    """Every sheet by work and seat, and what deserves a second look."""
    token = control.find_token(event_id, now())
    room = _room(event_id)
    return render_template(
        "control/show.html",
        room=room,
        event=room.event,
        rows=_wanted(room),
        states=CellState,
        groups=AlarmGroup,
        token=_tag(token),
        shape=_shape(room),
        supervises=_supervises(room.event),
        decoded=room.event.state in DECODED,
        crumbs=crumbs(room.event),
        **_alarms(room),
    )


@blueprint.get("/events/<int:event_id>/control/changes")
@allows(Act.SEE_PROGRESS)
def changes(event_id: int) -> ResponseReturnValue:
    """Tell the page's script what to show now; nothing new costs one statement."""
    tag = _tag(control.find_token(event_id, now()))
    if request.if_none_match.contains(tag):
        reply = make_response("", 304)
    else:
        reply = make_response(jsonify(_changes(_room(event_id))))
    reply.set_etag(tag)
    reply.headers["Cache-Control"] = "private, no-cache"
    return reply


def _tag(token: str) -> str:
    # Words are in the answer too, and filters: other words are another answer.
    return f"{token}-{get_locale()}"


def _room(event_id: int) -> Room:
    event = contests.get_event(event_id)
    return control.get_room(event_id, now(), decoded=_supervises(event))


def _supervises(event: Event) -> bool:
    """Say whether the reader supervises this event: hints about own people are for nobody else."""
    place = Place(contest_id=event.contest_id, event_id=event.id)
    grants = require_holder().grants
    return any(one.role is Role.SUPERVISOR and covers(one, place) for one in grants)


def _changes(room: Room) -> dict[str, Any]:
    return {
        "shape": _shape(room),
        "signed": room.signed,
        "sheets": room.sheets,
        "cells": {
            cell.sheet_id: [cell.state.value, cell_sign(cell)]
            for row in room.rows
            for cell in row.cells.values()
        },
        "seats": render_template("control/seats.html", room=room, event=room.event),
        "alarms": render_template(
            "control/alarms.html", event=room.event, groups=AlarmGroup, **_alarms(room)
        ),
    }


def _shape(room: Room) -> str:
    """Name which works and seats there are: with others the page is loaded anew."""
    works = [row.code for row in room.rows]
    seats = [str(column.seat.id) for column in room.columns]
    words = "|".join((room.event.state.value, *works, "", *seats))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _wanted(room: Room) -> list[Row]:
    """Keep the rows that the filter asks for."""
    text = request.args.get("q", "").strip().upper()
    show_only = request.args.get("show")
    return [
        row
        for row in room.rows
        if text in row.code
        and (show_only != "open" or not row.done)
        and (show_only != "alarms" or row.alarms)
    ]


def _alarms(room: Room) -> dict[str, Any]:
    """Return the alarms that the filter asks for, those put aside on demand."""
    group, aside = request.args.get("group"), request.args.get("aside")
    found = [one for one in room.found if (one.dismissal is not None) == bool(aside)]
    wanted = [one for one in found if not group or one.alarm.group.value == group]
    counts = {each: sum(one.alarm.group is each for one in room.alarms) for each in AlarmGroup}
    return {
        "alarms": wanted[:SHOWN_ALARMS],
        "more": max(len(wanted) - SHOWN_ALARMS, 0),
        "counts": counts,
        "said": _said,
        "aside": len(room.found) - len(room.alarms),
    }


def _said(found: Found) -> str:
    return translated(found.alarm.said)


@blueprint.route("/events/<int:event_id>/control/dismiss", methods=["GET", "POST"])
@allows(Act.DISMISS_ALARM)
def dismiss(event_id: int) -> ResponseReturnValue:
    """Put an alarm aside with a note."""
    alarm, mark = request.args.get("alarm", ""), request.args.get("mark", "")
    room = control.get_room(event_id, now())
    found = next((one for one in room.found if one.alarm.key == alarm), None)
    if found is None:
        return _gone(event_id)
    form = NoteForm()
    note = form.note.data or ""
    if form.validate_on_submit() and attempt(form, control.dismiss, event_id, alarm, mark, note):
        flash(gettext("Put aside. It comes back when its figures change."), "success")
        return redirect(url_for(".show", event_id=event_id), 303)
    page = render_template(
        "control/dismiss.html",
        form=form,
        found=found,
        text=_said(found),
        event=room.event,
        crumbs=below(room.event),
    )
    return page, 422 if form.is_submitted() else 200


def _gone(event_id: int) -> ResponseReturnValue:
    flash(gettext("This alarm is gone: its marks have changed."), "info")
    return redirect(url_for(".show", event_id=event_id), 303)
