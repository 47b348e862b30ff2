"""Pages of a round for staff: what it decides, publication, amendments, the end."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.selections.forms import AgreeForm, ReasonForm, RoundForm, TitleForm, next_year
from blueprints.selections.pages import pages_of
from blueprints.selections.views import blueprint
from blueprints.selections.words import differences, words_of
from blueprints.web import attempt, attempt_button, now, today, translated
from models.selections import SelectionRound
from rules.acts import Act
from rules.selection_rounds import Review, RoundRules, RoundTier, SheetItem
from rules.selections import RoundState
from services import (
    selections,
    selections_decisions,
    selections_lists,
    selections_publishing,
    selections_rounds,
)
from services.acting import ZONE


def round_crumbs(row: SelectionRound) -> list[tuple[str, str]]:
    """Return the way back from a page of a round."""
    programme = row.programme
    return [
        (gettext("Selections"), url_for("selections.list_programmes")),
        (
            programme.title,
            url_for("selections.show_programme", selection_programme_id=programme.id),
        ),
    ]


@blueprint.route(
    "/selection-programmes/<int:selection_programme_id>/rounds/new", methods=["GET", "POST"]
)
@allows(Act.EDIT_SELECTION)
def create_round(selection_programme_id: int) -> ResponseReturnValue:
    """Begin a round: like the last one where there is one, else with the plainest rules."""
    programme = selections_lists.get_programme_with_rounds(selection_programme_id)
    last = next((one for one in programme.rounds if one.state is not RoundState.CANCELLED), None)
    form = RoundForm()
    if not form.is_submitted():
        form.show(selections_rounds.next_round(programme, last, next_year(today())))
    elif form.validate():
        done = (
            attempt(form, selections_rounds.copy_round, last.id, form.facts())
            if last is not None
            else attempt(
                form,
                selections.create_round,
                selection_programme_id,
                form.facts(),
                _plainest(form.year.data or today().year),
            )
        )
        if done:
            flash(gettext("The round is begun as a draft."), "success")
            return redirect(url_for(".show_round", selection_round_id=done.id), 303)
    page = render_template(
        "selections/create_round.html", form=form, programme=programme, last=last
    )
    return page, 422 if form.is_submitted() else 200


def _plainest(year: int) -> RoundRules:
    opens = datetime(year, 3, 1, 9, tzinfo=ZONE)
    sheet = (SheetItem(key="points", title=gettext("Points"), maximum=Decimal(100)),)
    return RoundRules(
        opens_at=opens,
        closes_at=opens + timedelta(days=30, hours=8),
        counts_on=opens.date(),
        tiers=(RoundTier(key="tier_1", name=gettext("Title")),),
        review=Review(sheet=sheet),
    )


@blueprint.get("/selection-rounds/<int:selection_round_id>")
@allows(Act.SEE_SELECTIONS)
def show_round(selection_round_id: int) -> ResponseReturnValue:
    """Show what a round decides, what stands against publication, and what has changed."""
    return render_template("selections/show_round.html", **round_page(selection_round_id))


def round_page(selection_round_id: int) -> dict[str, Any]:
    """Collect what the page of a round shows."""
    row = selections.get_round(selection_round_id)
    rules = selections.rules_of(row)
    change = selections_rounds.find_change(row.id)
    waiting = selections.read_rules(change.rules) if change else None
    draft = row.state is RoundState.DRAFT
    advice = selections_publishing.advise(row.id, now()) if draft else None
    stages = selections_decisions.stages_of(row) if row.contest_id is not None else None
    return {
        "row": row,
        "rules": rules,
        "words": words_of(rules),
        "change": change,
        "changed": differences(rules, waiting) if waiting else [],
        "copied": _copied(row, rules) if draft else None,
        "blockers": [translated(one) for one in advice.blockers] if advice else [],
        "warnings": [translated(one) for one in advice.warnings] if advice else [],
        "versions": selections_lists.list_versions(row.id),
        "stages": stages if stages and stages.contest else None,
        "pages": [] if draft else pages_of(row, rules, stages),
        "crumbs": round_crumbs(row),
    }


def _copied(row: SelectionRound, rules: RoundRules) -> Any:
    """Say what differs from the round that this one was copied from."""
    if row.copied_from_id is None:
        return None
    source = selections.get_round(row.copied_from_id)
    return source, differences(selections.rules_of(source), rules)


@blueprint.get("/selection-rounds/<int:selection_round_id>/versions/<int:number>")
@allows(Act.SEE_SELECTIONS)
def show_version(selection_round_id: int, number: int) -> ResponseReturnValue:
    """Show the rules of a round as published, or as an amendment made them."""
    row = selections.get_round(selection_round_id)
    versions = {one.number: one for one in selections_lists.list_versions(selection_round_id)}
    if number not in versions:
        abort(404)
    rules = selections.read_rules(versions[number].rules)
    before = versions.get(number - 1)
    return render_template(
        "selections/show_version.html",
        row=row,
        amended=versions[number],
        words=words_of(rules),
        changed=differences(selections.read_rules(before.rules), rules) if before else [],
        crumbs=round_crumbs(row),
    )


@blueprint.post("/selection-rounds/<int:selection_round_id>/publish")
@allows(Act.PUBLISH_SELECTION)
def publish(selection_round_id: int) -> ResponseReturnValue:
    """Publish a round as a second person."""
    if attempt_button(selections_publishing.publish, selection_round_id):
        flash(gettext("The round is published; its rules are frozen."), "success")
    return redirect(url_for(".show_round", selection_round_id=selection_round_id), 303)


@blueprint.post("/selection-rounds/<int:selection_round_id>/amendment/agree")
@allows(Act.PUBLISH_SELECTION)
def agree_amendment(selection_round_id: int) -> ResponseReturnValue:
    """Put a waiting amendment into force as a second person."""
    form = AgreeForm()
    base = form.base.data or ""
    if attempt_button(selections_publishing.agree_amendment, selection_round_id, base):
        flash(gettext("The amendment is in force."), "success")
    return redirect(url_for(".show_round", selection_round_id=selection_round_id), 303)


@blueprint.post("/selection-rounds/<int:selection_round_id>/amendment/discard")
@allows(Act.EDIT_SELECTION)
def discard_amendment(selection_round_id: int) -> ResponseReturnValue:
    """Throw a waiting amendment away."""
    if attempt_button(selections_publishing.discard_amendment, selection_round_id):
        flash(gettext("The amendment is discarded; the rules in force stay."), "success")
    return redirect(url_for(".show_round", selection_round_id=selection_round_id), 303)


@blueprint.route("/selection-rounds/<int:selection_round_id>/title", methods=["GET", "POST"])
@allows(Act.EDIT_SELECTION)
def rename_round(selection_round_id: int) -> ResponseReturnValue:
    """Give a round that is not published another name."""
    row = selections.get_round(selection_round_id)
    form = TitleForm(data={"title": row.title})
    if form.validate_on_submit() and attempt(
        form, selections_rounds.rename_round, selection_round_id, form.title.data or ""
    ):
        return redirect(url_for(".show_round", selection_round_id=selection_round_id), 303)
    page = render_template(
        "selections/rename_round.html", form=form, row=row, crumbs=round_crumbs(row)
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/selection-rounds/<int:selection_round_id>/cancel")
@allows(Act.PUBLISH_SELECTION)
def cancel_round(selection_round_id: int) -> ResponseReturnValue:
    """Cancel a published round with a reason."""
    reason = ReasonForm().reason.data or ""
    if attempt_button(selections_rounds.cancel_round, selection_round_id, reason):
        flash(gettext("The round is cancelled."), "success")
    return redirect(url_for(".show_round", selection_round_id=selection_round_id), 303)


@blueprint.post("/selection-rounds/<int:selection_round_id>/remove")
@allows(Act.EDIT_SELECTION)
def remove_round(selection_round_id: int) -> ResponseReturnValue:
    """Remove the draft of a round."""
    row = selections.get_round(selection_round_id)
    programme_id = row.programme_id
    if not attempt_button(selections_rounds.remove_round, selection_round_id):
        return redirect(url_for(".show_round", selection_round_id=selection_round_id), 303)
    flash(gettext("The draft is removed."), "success")
    return redirect(url_for(".show_programme", selection_programme_id=programme_id), 303)
