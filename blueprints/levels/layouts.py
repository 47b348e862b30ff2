"""Pages of the columns that assessment bodies want."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.levels.forms import LayoutForm, layout_values
from blueprints.levels.views import blueprint
from blueprints.web import attempt
from rules.acts import Act
from rules.level_layouts import usual_layout
from services import levels, levels_export
from services.acting import Actor


@blueprint.get("/level-layouts")
@allows(Act.EDIT_LAYOUTS)
def list_layouts() -> ResponseReturnValue:
    """List the saved columns."""
    return render_template("levels/list_layouts.html", layouts=levels_export.list_layouts())


@blueprint.route("/level-layouts/new", methods=["GET", "POST"])
@allows(Act.EDIT_LAYOUTS)
def new_layout() -> ResponseReturnValue:
    """Choose columns for another assessment body, beginning with the usual ones."""
    values = layout_values("", usual_layout(), None)
    form = LayoutForm() if request.method == "POST" else LayoutForm(data=values)
    return _answer(form, None)


@blueprint.route("/level-layouts/<int:key>", methods=["GET", "POST"])
@allows(Act.EDIT_LAYOUTS)
def edit_layout(key: int) -> ResponseReturnValue:
    """Change saved columns."""
    stored = levels.get_layout(key)
    values = layout_values(stored.title, levels_export.layout_of(stored), stored.version)
    form = LayoutForm() if request.method == "POST" else LayoutForm(data=values)
    return _answer(form, key)


def _answer(form: LayoutForm, key: int | None) -> ResponseReturnValue:
    if form.validate_on_submit() and attempt(form, _save, key, form):
        flash(gettext("The columns are saved."), "success")
        return redirect(url_for(".list_layouts"), 303)
    page = render_template("levels/edit_layout.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _save(by: Actor, key: int | None, form: LayoutForm) -> int:
    """Read the columns inside the attempt, so that their problems land on the form."""
    title, version = form.title.data or "", form.base_version
    return levels_export.save_layout(by, key, title=title, layout=form.layout(), version=version)
