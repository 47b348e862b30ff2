"""Two applications for one person: side by side, and merged by staff."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.selection_checks.views import blueprint
from blueprints.web import attempt
from rules.acts import Act
from services import selection_checks_doubles, selections
from services.selection_checks_doubles import TakenOver


@blueprint.get("/selection-checks/rounds/<int:selection_round_id>/doubles")
@allows(Act.MERGE_APPLICATIONS)
def list_doubles(selection_round_id: int) -> ResponseReturnValue:
    """List the pairs of applications that are, or may be, for one person."""
    return render_template(
        "selection_checks/list_doubles.html",
        round=selections.get_round(selection_round_id),
        pairs=selection_checks_doubles.list_pairs(selection_round_id),
    )


@blueprint.get("/selection-checks/rounds/<int:selection_round_id>/doubles/compare")
@allows(Act.MERGE_APPLICATIONS)
def compare(selection_round_id: int) -> ResponseReturnValue:
    """Show two applications side by side."""
    first = request.args.get("first", 0, type=int)
    second = request.args.get("second", 0, type=int)
    return _page(selection_round_id, first, second, ActForm(formdata=None))


def _page(round_id: int, first: int, second: int, form: ActForm) -> str:
    round_ = selections.get_round(round_id)
    return render_template(
        "selection_checks/compare.html",
        round=round_,
        it=selection_checks_doubles.compare(round_id, first, second),
        form=form,
        tiers={one.key: one.title for one in selections.rules_of(round_).tiers},
    )


@blueprint.post("/selection-checks/rounds/<int:selection_round_id>/doubles/compare")
@allows(Act.MERGE_APPLICATIONS)
def merge(selection_round_id: int) -> ResponseReturnValue:
    """Merge two applications: one lives on, with what was chosen from the other."""
    form = ActForm()
    first = request.form.get("first", 0, type=int)
    second = request.form.get("second", 0, type=int)
    keep = request.form.get("keep", 0, type=int)
    drop = second if keep == first else first
    taken = TakenOver(
        frozenset(request.form.getlist("fields")),
        frozenset(map(int, filter(str.isdecimal, request.form.getlist("evidence")))),
        frozenset(map(int, filter(str.isdecimal, request.form.getlist("files")))),
    )
    if keep not in (first, second):
        form.refuse(gettext("Choose which of the two lives on."), None)
    elif form.validate() and attempt(
        form, selection_checks_doubles.merge_applications, keep, drop, taken
    ):
        flash(gettext("The two are one application now."), "success")
        return redirect(url_for(".list_doubles", selection_round_id=selection_round_id), 303)
    return _page(selection_round_id, first, second, form), 422
