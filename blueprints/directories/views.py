"""Pages of the directory of workshops, for everybody, and of its map, for the bureau."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.directories.forms import MapForm
from blueprints.web import attempt, limiter, page_number
from rules.acts import Act
from rules.workshops import WorkshopLevel
from services import directories
from services.directories import Wanted

blueprint = Blueprint("directories", __name__)
_LOOKS = "120/minute"


def _wanted() -> Wanted:
    level = request.args.get("level", "")
    return Wanted(
        q=" ".join(request.args.get("q", "").split())[:60],
        level=WorkshopLevel(level) if level in set(WorkshopLevel) else None,
        occupation=request.args.get("occupation", "")[:60],
        district=request.args["district"][:40] if request.args.get("district") else None,
    )


@blueprint.get("/directory")
@limiter.limit(_LOOKS)
@allows(Act.READ_PUBLIC)
def list_workshops() -> ResponseReturnValue:
    """List the master workshops, on a map by district and by trade and level."""
    wanted = _wanted()
    return render_template(
        "directories/list_workshops.html",
        wanted=wanted,
        page=directories.list_workshops(wanted, page_number()),
        map=directories.map_of(wanted),
        levels=directories.counts_by_level(),
        occupations=directories.occupations_known(),
    )


@blueprint.get("/directory/<int:number>")
@limiter.limit(_LOOKS)
@allows(Act.READ_PUBLIC)
def show_workshop(number: int) -> ResponseReturnValue:
    """Show one workshop to everybody."""
    shown = directories.show_workshop(number)
    return render_template("directories/show_workshop.html", shown=shown)


@blueprint.route("/directory/map", methods=["GET", "POST"])
@allows(Act.EDIT_MAP)
def edit_map() -> ResponseReturnValue:
    """Say which district lies where on the map."""
    form = MapForm()
    if form.validate_on_submit():
        if attempt(form, directories.save_map, form.typed(), form.base()):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".list_workshops"), 303)
    elif not form.is_submitted():
        form.show(directories.tiles())
    page = render_template("directories/edit_map.html", form=form)
    return page, 422 if form.is_submitted() else 200
