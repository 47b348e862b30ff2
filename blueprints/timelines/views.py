"""Pages of timelines: of anybody for the staff, of oneself for everybody else."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.access import allows, require_holder
from blueprints.web import today
from rules.access import contests_of, roles_of
from rules.acts import Act
from rules.timelines import by_year
from services import generations, timelines
from services.timelines import Sight

blueprint = Blueprint("timelines", __name__)


@blueprint.get("/people/<int:person_id>/timeline")
@allows(Act.SEE_TIMELINE)
def show_timeline(person_id: int) -> ResponseReturnValue:
    """Show what the registers know of a person, on one line."""
    holder = require_holder()
    sight = Sight(
        contests_of(holder, roles_of(Act.SEE_TIMELINE)),
        contests_of(holder, roles_of(Act.SEE_PAYOUTS)),
    )
    return _page(person_id, sight, own=False)


@blueprint.get("/timeline")
@allows(Act.SEE_OWN_TIMELINE)
def show_own() -> ResponseReturnValue:
    """Show one's own line, with one's own payments."""
    person_id = require_holder().person_id
    if person_id is None:
        return render_template("timelines/nobody.html")
    return _page(person_id, Sight(), own=True)


def _page(person_id: int, sight: Sight, *, own: bool) -> str:
    found = timelines.timeline_of(person_id, sight, today())
    return render_template(
        "timelines/show_timeline.html",
        found=found,
        years=by_year(found.line),
        family=generations.family_of(person_id),
        own=own,
    )
