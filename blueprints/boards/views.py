"""The public live board, the screen of the signed results, and the order of the ceremony."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.web import XLSX, attempt_button, download, now
from models.contests import Event
from models.results import Revision
from rules.acts import Act
from rules.boards import LIVE, OFFICIAL
from rules.states import ContestState
from services import boards, boards_ceremonies, contests

blueprint = Blueprint("boards", __name__)
SHOWN = LIVE | OFFICIAL


@blueprint.get("/board/<int:contest_id>")
@allows(Act.READ_PUBLIC)
def show_board(contest_id: int) -> ResponseReturnValue:
    """The live board of an edition, one event at a time; 404 where the rules give none."""
    contest = contests.get_outline(contest_id)
    day = contests.rules_of(contest).day
    if contest.state is not ContestState.PUBLISHED or day.board != "live":
        abort(404)
    events = [event for event in contest.events if event.state in SHOWN]
    asked = request.args.get("event", type=int)
    chosen = next((one for one in events if one.id == asked), events[0] if events else None)
    return render_template(
        "boards/show_board.html",
        contest=contest,
        events=events,
        event=chosen,
        seconds=day.board_seconds,
        **(_shown(chosen) if chosen else {}),
    )


def _shown(event: Event) -> dict[str, Any]:
    found = boards.board_state(event.id, now())
    titles = {division.id: division.title for division in event.divisions}
    return {"found": found, "divisions": boards.board_lines(found, titles), "official": OFFICIAL}


@blueprint.get("/board/events/<int:key>/data")
@allows(Act.READ_PUBLIC)
def board_data(key: int) -> ResponseReturnValue:
    """The lines of the board for readers who ask again and again: 304 while nothing changed.

    The board's own statement says whether the event is there; the guard need not ask before.
    """
    found = boards.board_state(key, now())
    response = Response(mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie"
    response.set_etag(f"{found.tag}-{get_locale()}")
    response.make_conditional(request)
    if response.status_code != 304:
        page = render_template("boards/body.html", **_shown(contests.get_event(key)))
        response.set_data(page)
    return response


def _signed(event_id: int) -> Revision:
    return boards_ceremonies.find_signed(event_id) or abort(404)


@blueprint.get("/events/<int:event_id>/ceremony")
@allows(Act.SEE_CEREMONY)
def show_ceremony(event_id: int) -> ResponseReturnValue:
    """Who is called to the stage in which order, and who hands over."""
    event = contests.get_event(event_id)
    revision = boards_ceremonies.find_signed(event_id)
    return render_template(
        "boards/show_ceremony.html",
        event=event,
        revision=revision,
        honoured=boards_ceremonies.list_honoured(revision) if revision else [],
        tiers=contests.plan_of(event).all_tiers,
        presenters=boards_ceremonies.presenters_of(event_id),
        form=ActForm(),
    )


@blueprint.post("/events/<int:event_id>/ceremony/presenters")
@allows(Act.NAME_PRESENTERS)
def name_presenters(event_id: int) -> ResponseReturnValue:
    """Say who hands over the prizes of each tier."""
    tiers = contests.plan_of(contests.get_event(event_id)).all_tiers
    names = {tier.key: request.form.get(f"tier-{tier.key}", "") for tier in tiers}
    if attempt_button(boards_ceremonies.name_presenters, event_id, names):
        flash(gettext("The presenters are named."), "success")
    return redirect(url_for(".show_ceremony", event_id=event_id), 303)


@blueprint.get("/events/<int:event_id>/ceremony/stage")
@allows(Act.SEE_CEREMONY)
def stage(event_id: int) -> ResponseReturnValue:
    """The page of the announcer: one call after another, by keyboard."""
    revision = _signed(event_id)
    return render_template(
        "boards/stage.html",
        event=contests.get_event(event_id),
        honoured=boards_ceremonies.list_honoured(revision),
    )


@blueprint.get("/events/<int:event_id>/results/screen")
@allows(Act.SEE_CEREMONY)
def screen(event_id: int) -> ResponseReturnValue:
    """The signed results for a big screen, page after page by itself."""
    revision = _signed(event_id)
    event = contests.get_event(event_id)
    titles = {division.id: division.title for division in event.divisions}
    return render_template(
        "boards/screen.html",
        event=event,
        revision=revision,
        divisions=boards.signed_lines(revision.id, titles),
    )


@blueprint.get("/events/<int:event_id>/ceremony.xlsx")
@allows(Act.SEE_CEREMONY)
def ceremony_workbook(event_id: int) -> ResponseReturnValue:
    """The order of the ceremony as a spreadsheet."""
    return download(boards_ceremonies.workbook(_signed(event_id)), "ceremony.xlsx", XLSX)


@blueprint.get("/events/<int:event_id>/ceremony.pdf")
@allows(Act.SEE_CEREMONY)
def ceremony_paper(event_id: int) -> ResponseReturnValue:
    """The order of the ceremony as PDF."""
    return download(boards_ceremonies.paper(_signed(event_id)), "ceremony.pdf", "application/pdf")
