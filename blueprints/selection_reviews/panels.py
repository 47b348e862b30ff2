"""What staff see of a review: panel, protocol of the draw, progress, totals and flags."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.selection_reviews.forms import DrawForm, ProposeForm, ReasonForm, StartForm
from blueprints.selection_reviews.views import blueprint
from blueprints.web import attempt, page_number, translated
from rules.acts import Act
from services import (
    selection_reviews,
    selection_reviews_blockers,
    selection_reviews_proposals,
    selection_reviews_sheets,
    selections,
)
from services.pages import page_in


@blueprint.get("/selection-reviews/<int:selection_round_id>")
@allows(Act.MANAGE_SELECTION_REVIEW)
def show_review(selection_round_id: int) -> ResponseReturnValue:
    """Show the panel of a round, how far it is, and what stands in the way of a proposal."""
    return review_page(selection_round_id, {})


def review_page(round_id: int, forms: dict[str, ActForm]) -> str:
    """Render the page of a review, with what was refused."""
    draws = selection_reviews.list_draws(round_id)
    found = selection_reviews_sheets.overview(round_id)
    problems = selection_reviews_blockers.problems_of(round_id, None, found)
    row = selections.get_round(round_id)
    usual: dict[str, ActForm] = {
        "draw": DrawForm(formdata=None),
        "start": StartForm(formdata=None),
        "propose": ProposeForm(formdata=None),
        "reason": ReasonForm(formdata=None),
    }
    return render_template(
        "selection_reviews/show_review.html",
        round=row,
        review=selections.rules_of(row).review,
        seats=selection_reviews.panel_of(round_id, all_of=True),
        draws=[(one, selection_reviews.is_true(one)) for one in draws],
        overview=found,
        page=page_in(found.scored, page_number()),
        in_chain=selection_reviews.in_chain(round_id),
        problems=[translated(one) for one in problems],
        proposals=selection_reviews_proposals.list_proposals(round_id),
        forms=usual | forms,
    )


def _answer(round_id: int, name: str, form: ActForm, done: Any, text: str) -> ResponseReturnValue:
    if done:
        flash(text, "success")
        return redirect(url_for(".show_review", selection_round_id=round_id), 303)
    for field in form:
        for message in field.errors:
            flash(str(message), "danger")
    return review_page(round_id, {name: form}), 422


@blueprint.post("/selection-reviews/<int:selection_round_id>/draw")
@allows(Act.MANAGE_SELECTION_REVIEW)
def draw_panel(selection_round_id: int) -> ResponseReturnValue:
    """Fill the free seats of the panel by lot."""
    form, key = DrawForm(), selection_round_id
    done = form.validate() and attempt(
        form, selection_reviews.draw_panel, key, form.seed.data or ""
    )
    return _answer(key, "draw", form, done, gettext("The panel is drawn."))


@blueprint.post("/selection-reviews/<int:selection_round_id>/start")
@allows(Act.MANAGE_SELECTION_REVIEW)
def start_review(selection_round_id: int) -> ResponseReturnValue:
    """Begin the review of a round."""
    form, key = StartForm(), selection_round_id
    act = selection_reviews.start_review
    done = form.validate() and attempt(form, act, key, reason=form.reason.data or "")
    return _answer(key, "start", form, done, gettext("The review has begun."))


@blueprint.post("/selection-reviews/<int:selection_round_id>/seats/<int:key>/replace")
@allows(Act.MANAGE_SELECTION_REVIEW)
def replace_reviewer(selection_round_id: int, key: int) -> ResponseReturnValue:
    """Take somebody off the panel; the first reserve moves up."""
    form = ReasonForm()
    act = selection_reviews.replace_reviewer
    done = form.validate() and attempt(form, act, key, reason=form.reason.data or "")
    text = gettext("The reviewer is replaced.")
    return _answer(selection_round_id, "reason", form, done, text)


@blueprint.post("/selection-reviews/<int:selection_round_id>/reopen/<int:key>")
@allows(Act.MANAGE_SELECTION_REVIEW)
def reopen_sheet(selection_round_id: int, key: int) -> ResponseReturnValue:
    """Open a signed sheet again with a reason."""
    form = ReasonForm()
    act = selection_reviews_sheets.reopen_sheet
    done = form.validate() and attempt(form, act, key, reason=form.reason.data or "")
    return _answer(selection_round_id, "reason", form, done, gettext("The sheet is open again."))
