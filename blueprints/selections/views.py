"""Pages of selection programmes: the list, each with its rounds, and those that ship."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from blueprints.access import allows
from blueprints.selections.forms import ProgrammeForm, TakeOverForm, next_year, programme_values
from blueprints.selections.words import words_of
from blueprints.web import attempt, attempt_button, today
from rules.acts import Act
from rules.selection_programmes import shipped_programmes
from services import selections, selections_lists, selections_rounds

blueprint = Blueprint("selections", __name__)


@blueprint.get("/selection-programmes")
@allows(Act.SEE_SELECTIONS)
def list_programmes() -> ResponseReturnValue:
    """List the programmes with their last rounds, and those that ship."""
    rows = selections_lists.list_programmes()
    taken = {row.code for row in rows}
    shipped = [one for code, one in shipped_programmes().items() if code not in taken]
    return render_template("selections/list_programmes.html", rows=rows, shipped=shipped)


@blueprint.get("/selection-programmes/<int:selection_programme_id>")
@allows(Act.SEE_SELECTIONS)
def show_programme(selection_programme_id: int) -> ResponseReturnValue:
    """Show a programme and its rounds."""
    row = selections_lists.get_programme_with_rounds(selection_programme_id)
    return render_template("selections/show_programme.html", row=row)


@blueprint.route("/selection-programmes/new", methods=["GET", "POST"])
@allows(Act.EDIT_SELECTION)
def create_programme() -> ResponseReturnValue:
    """Write down a programme as it was approved."""
    form = ProgrammeForm()
    if form.validate_on_submit():
        done = attempt(form, selections.create_programme, form.facts())
        if done:
            flash(gettext("The programme is written down."), "success")
            return redirect(url_for(".show_programme", selection_programme_id=done.id), 303)
    page = render_template("selections/edit_programme.html", form=form, row=None)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/selection-programmes/<int:selection_programme_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_SELECTION)
def edit_programme(selection_programme_id: int) -> ResponseReturnValue:
    """Change what is written of a programme."""
    row = selections.get_programme(selection_programme_id)
    form = ProgrammeForm(data=programme_values(row))
    if form.validate_on_submit() and attempt(
        form,
        selections.edit_programme,
        selection_programme_id,
        form.base_version or 0,
        form.facts(),
    ):
        flash(gettext("Saved."), "success")
        return redirect(
            url_for(".show_programme", selection_programme_id=selection_programme_id), 303
        )
    row = selections.get_programme(selection_programme_id)
    page = render_template("selections/edit_programme.html", form=form, row=row)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/selection-programmes/<int:selection_programme_id>/end")
@allows(Act.EDIT_SELECTION)
def end_programme(selection_programme_id: int) -> ResponseReturnValue:
    """End a programme."""
    if attempt_button(selections.end_programme, selection_programme_id):
        flash(gettext("The programme has ended."), "success")
    return redirect(url_for(".show_programme", selection_programme_id=selection_programme_id), 303)


@blueprint.route("/selection-programmes/shipped/<string:code>", methods=["GET", "POST"])
@allows(Act.EDIT_SELECTION)
def take_over(code: str) -> ResponseReturnValue:
    """Begin a programme that ships, with the draft of its first round."""
    shipped = shipped_programmes().get(code)
    if shipped is None:
        raise NotFound
    form = TakeOverForm(data=programme_values(shipped) | {"year": next_year(today())})
    if form.validate_on_submit():
        done = attempt(
            form, selections_rounds.take_over, code, form.facts(), form.year.data or today().year
        )
        if done:
            flash(gettext("Taken over. Look through the rules before publication."), "success")
            return redirect(url_for(".show_round", selection_round_id=done.id), 303)
    words = words_of(shipped.rules_for(form.year.data or next_year(today())))
    page = render_template("selections/take_over.html", form=form, shipped=shipped, words=words)
    return page, 422 if form.is_submitted() else 200
