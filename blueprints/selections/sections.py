"""The pages on which the sections of a round's rules are edited."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import ValidationError

from blueprints.access import allows
from blueprints.rows import changed
from blueprints.rule_rows import unreadable
from blueprints.selections.rounds import round_crumbs
from blueprints.selections.section_fields import FORMS
from blueprints.selections.section_forms import SectionForm
from blueprints.selections.texts import SECTIONS
from blueprints.selections.views import blueprint
from blueprints.web import Outcome, attempt
from models.selections import SelectionRound
from rules.acts import Act
from rules.selection_rounds import RoundRules
from rules.selections import RoundState
from services import selections, selections_rounds
from services.acting import Actor

WITH_PAGES = {"eligibility": ("basics", "routes", "exclusions"), "quotas": ("quotas",)}


@blueprint.route(
    "/selection-rounds/<int:selection_round_id>/edit/<string:section>", methods=["GET", "POST"]
)
@allows(Act.EDIT_SELECTION)
def edit_section(selection_round_id: int, section: str) -> ResponseReturnValue:
    """Change one section of a round's rules."""
    if section not in FORMS:
        abort(404)
    row = selections.get_round(selection_round_id)
    rules = selections_rounds.editable_rules(row)
    change = request.form.get("change")
    form = _form(FORMS[section], rules, change)
    if change is None and form.validate_on_submit() and _save(form, row, rules):
        flash(_saved(row), "success")
        return redirect(url_for(".show_round", selection_round_id=selection_round_id), 303)
    page = render_template(
        "selections/edit_section.html",
        form=form,
        row=row,
        section=section,
        title=gettext(SECTIONS[section]),
        rules=rules,
        amends=row.published_at is not None,
        crumbs=[
            *round_crumbs(row),
            (row.title, url_for(".show_round", selection_round_id=row.id)),
        ],
    )
    return page, 422 if form.is_submitted() and change is None else 200


def _saved(row: SelectionRound) -> str:
    """Say whether the rules are changed, or wait for somebody else."""
    if row.state is RoundState.DRAFT:
        return str(gettext("Saved."))
    return str(gettext("Saved. Somebody else agrees to the amendment."))


def _form(made: type[SectionForm], rules: RoundRules, change: str | None) -> SectionForm:
    """Return a form as typed, or as stored; rows that are gone must not come back."""
    if change is not None:
        return made(formdata=changed(request.form, change))
    return made() if request.method == "POST" else made(data=made.values(rules))


def _save(form: SectionForm, row: SelectionRound, rules: RoundRules) -> Outcome | None:
    return attempt(form, save, row.id, form, rules)


def save(by: Actor, round_id: int, form: SectionForm, rules: RoundRules) -> int:
    """Read the section inside the attempt, so that its problems land on the form."""
    try:
        changes: dict[str, Any] = form.changes(rules)
    except ValidationError as error:
        raise unreadable(error) from error
    return selections_rounds.edit_rules(
        by, round_id, form.base.data or "", changes, form.reason.data or ""
    )
