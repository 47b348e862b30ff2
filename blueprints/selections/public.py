"""Pages of selections for everybody: open and decided rounds, the call of each, its dates."""

from flask import Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.selections.feeds import feed_of
from blueprints.selections.views import blueprint
from blueprints.selections.words import eligibility_lines, tier_text, words_of
from blueprints.web import limiter, now, today
from rules.acts import Act
from rules.selections import RoundState
from services import selections, selections_decisions, selections_lists, selections_results

_LOOKS = "120/minute"
ICS = "text/calendar; charset=utf-8"


@blueprint.get("/selections")
@limiter.limit(_LOOKS)
@allows(Act.READ_PUBLIC)
def list_public() -> ResponseReturnValue:
    """List the rounds that take applications, those under way, and those decided."""
    moment = now()
    rows = selections_lists.list_public_rounds()
    return render_template(
        "selections/list_public.html",
        open=[one for one in rows if selections_lists.takes_applications(one, moment)],
        running=[
            one
            for one in rows
            if one.state in (RoundState.OPEN, RoundState.REVIEW, RoundState.PROPOSED)
            and not selections_lists.takes_applications(one, moment)
        ],
        decided=[one for one in rows if one.state is RoundState.DECIDED],
        now=moment,
    )


@blueprint.get("/selections/<int:selection_round_id>")
@limiter.limit(_LOOKS)
@allows(Act.READ_PUBLIC)
def show_public(selection_round_id: int) -> ResponseReturnValue:
    """Show the call of a round: tiers, conditions, dates, how to apply, and its result."""
    row = selections_lists.get_public_round(selection_round_id)
    rules = selections.rules_of(row)
    shown = ("quotas", "form", "papers", "chain", "review", "after")
    return render_template(
        "selections/show_public.html",
        row=row,
        rules=rules,
        tiers=[tier_text(rules, tier.key) for tier in rules.tiers],
        conditions=[*eligibility_lines(rules)],
        words=[one for one in words_of(rules) if one.key in shown and one.lines],
        takes=selections_lists.takes_applications(row, now()),
        now=now(),
        apply_url=_apply_url(selection_round_id),
        chosen=selections_results.list_chosen(row),
        notice=selections_decisions.standing_notice(row, today()),
    )


def _apply_url(selection_round_id: int) -> str | None:
    """Return where applications are begun."""
    endpoint = "selection_applications.apply"
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, selection_round_id=selection_round_id)


@blueprint.get("/selections/<int:selection_round_id>/dates.ics")
@limiter.limit(_LOOKS)
@allows(Act.READ_PUBLIC)
def round_feed(selection_round_id: int) -> ResponseReturnValue:
    """Return the dates of one round for a calendar."""
    row = selections_lists.get_public_round(selection_round_id)
    return Response(feed_of([row], row.title, now()), mimetype=ICS)


@blueprint.get("/selections/dates.ics")
@limiter.limit(_LOOKS)
@allows(Act.READ_PUBLIC)
def all_feed() -> ResponseReturnValue:
    """Return the dates of all rounds that are under way for a calendar."""
    rows = selections_lists.list_dated_rounds()
    return Response(feed_of(rows, gettext("Selections"), now()), mimetype=ICS)
