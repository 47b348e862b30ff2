"""What everybody sees of contests above the city's, and what somebody sees of his own way."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.provincial.views import blueprint
from blueprints.web import attempt_button, limiter, today
from rules.acts import Act
from services import provincial, provincial_public

_LOOKS = "120/minute"


@blueprint.get("/higher-contests")
@limiter.limit(_LOOKS)
@allows(Act.READ_PUBLIC)
def list_public() -> ResponseReturnValue:
    """List the contests above the city's whose results are shown to everybody."""
    contests = provincial_public.list_public()
    return render_template("provincial/list_public.html", contests=contests)


@blueprint.get("/higher-contests/<int:provincial_contest_id>")
@limiter.limit(_LOOKS)
@allows(Act.READ_PUBLIC)
def show_public(provincial_contest_id: int) -> ResponseReturnValue:
    """Show what the city's people won in a contest above the city's."""
    shown = provincial_public.get_public(provincial_contest_id)
    return render_template("provincial/show_public.html", shown=shown)


@blueprint.post("/provincial/<int:provincial_contest_id>/public")
@allows(Act.DECIDE_PROVINCIAL)
def show_publicly(provincial_contest_id: int) -> ResponseReturnValue:
    """Show the results to everybody, or take them down."""
    wanted = not provincial.get_contest(provincial_contest_id).is_public
    if attempt_button(provincial.show_publicly, provincial_contest_id, wanted):
        text = (
            gettext("Everybody can see the results now.")
            if wanted
            else gettext("The results are taken from the public pages.")
        )
        flash(text, "success")
    return redirect(url_for(".show_results", provincial_contest_id=provincial_contest_id), 303)


@blueprint.get("/own-higher-contests")
@allows(Act.SEE_OWN_PROVINCIAL)
def list_own() -> ResponseReturnValue:
    """Show somebody the own way to contests above the city's: what is next, and by when."""
    person_id = require_holder().person_id
    rows = provincial_public.list_own(person_id, today()) if person_id is not None else []
    return render_template("provincial/list_own.html", rows=rows)
