"""The page of one clause, one floor or cap, one letter, with its conditions."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import ValidationError

from blueprints.access import allows
from blueprints.condition_forms import INCOMPLETE, clause_values, typed_after
from blueprints.labels_conditions import KINDS
from blueprints.rule_rows import new_key
from blueprints.selections.rounds import round_crumbs
from blueprints.selections.texts import THINGS
from blueprints.selections.thing_forms import ThingForm
from blueprints.selections.views import blueprint
from blueprints.web import attempt
from models.selections import SelectionRound
from rules.acts import Act
from rules.refusals import Refused
from rules.selection_rounds import Opinion, Quota, RoundRules
from services import selections, selections_rounds
from services.acting import Actor

_CLAUSES = ("basics", "routes", "exclusions")
_SECTION = dict.fromkeys(_CLAUSES, "eligibility") | {"quotas": "quotas", "opinions": "chain"}
SHOWN = {
    **dict.fromkeys(_CLAUSES, ("number", "text", "tiers")),
    "quotas": ("title", "at_least", "at_most", "tiers"),
    "opinions": (),
}


@blueprint.route(
    "/selection-rounds/<int:selection_round_id>/edit/<string:part>/<string:key>",
    methods=["GET", "POST"],
)
@allows(Act.EDIT_SELECTION)
def edit_clause(selection_round_id: int, part: str, key: str) -> ResponseReturnValue:
    """Change one clause, floor or cap, or letter; the key "new" begins one."""
    row = selections.get_round(selection_round_id)
    rules = selections_rounds.editable_rules(row)
    if part not in THINGS or (key != "new" and key not in _known(rules, part)):
        abort(404)
    change = request.form.get("change")
    form = _form(rules, part, key, change)
    if (
        change is None
        and form.validate_on_submit()
        and attempt(form, save, row.id, form, rules, part, key)
    ):
        flash(gettext("Saved."), "success")
        place = url_for(
            ".edit_section", selection_round_id=selection_round_id, section=_SECTION[part]
        )
        return redirect(place, 303)
    page = render_template(
        "selections/edit_clause.html", **_page(form, row, part), kinds=KINDS, rules=rules
    )
    return page, 422 if form.is_submitted() and change is None else 200


def _page(form: ThingForm, row: SelectionRound, part: str) -> dict[str, Any]:
    back = url_for(".edit_section", selection_round_id=row.id, section=_SECTION[part])
    return {
        "form": form,
        "row": row,
        "title": gettext(THINGS[part]),
        "shown": SHOWN[part],
        "waivable": part in ("basics", "routes"),
        "amends": row.published_at is not None,
        "back": back,
        "crumbs": [
            *round_crumbs(row),
            (row.title, url_for(".show_round", selection_round_id=row.id)),
        ],
    }


def _known(rules: RoundRules, part: str) -> dict[str, Any]:
    """Return the things of a list by their keys."""
    rows = getattr(rules.eligibility if part in _CLAUSES else rules, part)
    return {one.key: one for one in rows}


def _form(rules: RoundRules, part: str, key: str, change: str | None) -> ThingForm:
    if change is not None:
        form = ThingForm(formdata=typed_after(request.form, change))
    elif request.method == "POST":
        form = ThingForm()
    else:
        form = ThingForm(data=_values(_known(rules, part).get(key), rules))
    form.offer_of(rules)
    return form


def _values(one: Any, rules: RoundRules) -> dict[str, Any]:
    """Return a thing as its form shows it."""
    if one is None:
        return {"base": rules.digest()}
    own = one.about if isinstance(one, Opinion) else one.all_of
    shown = clause_values(own, getattr(one, "waivers", ()))
    return {**dict(one), "base": rules.digest(), **shown}


def save(by: Actor, round_id: int, form: ThingForm, rules: RoundRules, part: str, key: str) -> int:
    """Read the thing inside the attempt, so that its problems land on the form."""
    known = _known(rules, part)
    try:
        one = _read(form, part, known, key)
    except ValidationError as error:
        raise Refused(INCOMPLETE) from error
    rows = tuple((known | {one.key: one}).values())
    changes: dict[str, Any] = {part: rows}
    if part in _CLAUSES:
        changes = {"eligibility": dict(rules.eligibility) | changes}
    return selections_rounds.edit_rules(
        by, round_id, form.base.data or "", changes, form.reason.data or ""
    )


def _read(form: ThingForm, part: str, known: dict[str, Any], key: str) -> Any:
    if part == "opinions":
        return Opinion.model_validate(dict(known[key]) | {"about": form.read_part(0)})
    key = new_key(part, set(known)) if key == "new" else key
    tiers = tuple(form.tiers.data or ())
    if part != "quotas":
        return form.clause(key, tiers)
    return Quota(
        key=key,
        title=form.title.data or "",
        at_least=form.at_least.data or None,
        at_most=form.at_most.data or None,
        all_of=form.read_part(0),
        tiers=tiers,
    )
