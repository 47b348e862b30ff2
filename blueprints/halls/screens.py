"""The big screen of the hall, and what it asks for every few seconds."""

import hashlib

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from blueprints.access import allows
from blueprints.halls.views import blueprint
from blueprints.web import now
from rules.acts import Act
from rules.states import TurnState
from services import contests, halls, halls_board
from services.halls_board import Place

AT_STATIONS = (TurnState.READY, TurnState.COMPETING, TurnState.INTERRUPTED)


@blueprint.get("/events/<int:event_id>/hall/screen")
@allows(Act.RUN_HALL)
def screen(event_id: int) -> ResponseReturnValue:
    """The hall at a glance, to be read from ten metres."""
    event = contests.get_event(event_id)
    return render_template(
        "halls/screen.html", event=event, body=_body(event_id)[0], instant=now().isoformat()
    )


@blueprint.get("/events/<int:event_id>/hall/screen.json")
@allows(Act.RUN_HALL)
def screen_data(event_id: int) -> ResponseReturnValue:
    """What the screen shows; 304 while nothing has changed. Times are instants, not countdowns."""
    body, places = _body(event_id)
    # The board loads itself anew after any step, the screen shows only some of them.
    mark = halls_board.mark_of(places)
    seed = f"{get_locale()}\0{body}\0{mark}"
    reply: Response = jsonify(body=body, now=now().isoformat(), mark=mark)
    reply.set_etag(hashlib.sha256(seed.encode()).hexdigest())
    reply.headers["Cache-Control"] = "no-cache, private"
    return reply.make_conditional(request)


def _body(event_id: int) -> tuple[str, list[Place]]:
    event = contests.get_event(event_id)
    rules, day = halls.hall_of(event_id), contests.rules_of(event.contest).day
    places = halls_board.list_places(event_id, rules, day, now())
    batches = halls_board.list_batches(places, rules)
    present = halls_board.present_batch(batches)
    body = render_template(
        "halls/screen_body.html",
        event=event,
        rules=rules,
        present=present,
        following=halls_board.following_batch(batches, present),
        called=[one for one in places if one.state is TurnState.CALLED],
        at_work=[one for one in places if one.state in AT_STATIONS],
        name=lambda place: halls_board.name_on_screen(place, day),
        employer=lambda place: halls_board.employer_on_screen(place, day),
    )
    return body, places
