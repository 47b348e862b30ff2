"""Pages of one list of a call and of one clause of it, while nobody has opened the call."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.condition_forms import ClauseForm, clause_values, typed_after
from blueprints.labels_conditions import KINDS
from blueprints.nominations.call_forms import CLAUSES, ListForm
from blueprints.nominations.saving import known_clauses, save_clause, save_list
from blueprints.nominations.views import blueprint
from blueprints.rows import changed
from blueprints.web import attempt
from models.nominations import NominationCall
from rules.acts import Act
from rules.nomination_rules import CallList, CallRules
from rules.selection_rounds import Clause
from rules.texts import N_
from services import nominations

TITLES = {
    "basics": N_("Clause for everybody"),
    "routes": N_("Route, of which some are needed"),
    "exclusions": N_("Ground of exclusion"),
}
# Nobody asks a candidate of these: there is no form of the round, no vote, no way of application.
_KNOWN_KINDS = {
    kind: said for kind, said in KINDS.items() if kind not in ("supported", "declares", "came")
}


@blueprint.route(
    "/nominations/calls/<int:nomination_call_id>/lists/<string:key>", methods=["GET", "POST"]
)
@allows(Act.MANAGE_NOMINATIONS)
def edit_list(nomination_call_id: int, key: str) -> ResponseReturnValue:
    """Change who may stand in a list, and what its packs hold."""
    row = nominations.get_call(nomination_call_id)
    rules, one = _found(row, key)
    change = request.form.get("change")
    form = _list_form(one, rules.digest(), change)
    if change is None and form.validate_on_submit() and attempt(form, save_list, row.id, form, key):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".show_call", nomination_call_id=nomination_call_id), 303)
    lists = {name: getattr(one.eligibility, name) for name in CLAUSES}
    page = render_template("nominations/edit_list.html", form=form, row=row, one=one, clauses=lists)
    return page, 422 if form.is_submitted() and change is None else 200


def _found(row: NominationCall, key: str) -> tuple[CallRules, CallList]:
    rules = nominations.rules_of(row)
    one = next((one for one in rules.lists if one.key == key), None)
    return (rules, one) if one is not None else abort(404)


def _list_form(one: CallList, digest: str, change: str | None) -> ListForm:
    """Return a form as typed, or as stored; rows that are gone must not come back."""
    if change is not None:
        return ListForm(formdata=changed(request.form, change))
    return ListForm() if request.method == "POST" else ListForm(data=ListForm.values(one, digest))


@blueprint.route(
    "/nominations/calls/<int:nomination_call_id>/lists/<string:key>/<string:part>/<string:clause>",
    methods=["GET", "POST"],
)
@allows(Act.MANAGE_NOMINATIONS)
def edit_clause(nomination_call_id: int, key: str, part: str, clause: str) -> ResponseReturnValue:
    """Change one clause of a list; the clause "new" begins one."""
    row = nominations.get_call(nomination_call_id)
    rules, one = _found(row, key)
    if part not in CLAUSES or (clause != "new" and clause not in known_clauses(one, part)):
        abort(404)
    change = request.form.get("change")
    form = _clause_form(known_clauses(one, part).get(clause), rules.digest(), change)
    back = url_for(".edit_list", nomination_call_id=nomination_call_id, key=key)
    if (
        change is None
        and form.validate_on_submit()
        and attempt(form, save_clause, row.id, form, key, part, clause)
    ):
        flash(gettext("Saved."), "success")
        return redirect(back, 303)
    page = render_template(
        "nominations/edit_clause.html",
        form=form,
        row=row,
        one=one,
        title=gettext(TITLES[part]),
        waivable=part != "exclusions",
        kinds=_KNOWN_KINDS,
        back=back,
    )
    return page, 422 if form.is_submitted() and change is None else 200


def _clause_form(one: Clause | None, digest: str, change: str | None) -> ClauseForm:
    if change is not None:
        form = ClauseForm(formdata=typed_after(request.form, change))
    elif request.method == "POST":
        form = ClauseForm()
    else:
        form = ClauseForm(data=_values(one) | {"base": digest})
    form.offer({})
    return form


def _values(one: Clause | None) -> dict[str, Any]:
    return {} if one is None else dict(one) | clause_values(one.all_of, one.waivers)
