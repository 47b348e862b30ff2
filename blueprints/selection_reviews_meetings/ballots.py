"""Ballots: opened, counted and voided by staff, voted in by the panel."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.selection_reviews_meetings.forms import BallotForm, PaperForm, ReasonForm
from blueprints.selection_reviews_meetings.views import blueprint, crumbs_of
from blueprints.web import attempt, attempt_button
from models.selection_reviews import SelectionReviewer
from rules.access import Role
from rules.acts import Act
from rules.data import plain
from rules.selection_ballots import run_off
from rules.selections import BallotState
from services import selection_reviews, selections
from services import selection_reviews_ballots as ballots
from services import selection_reviews_seats as seats


@blueprint.route("/selection-reviews/<int:selection_round_id>/ballots/new", methods=["GET", "POST"])
@allows(Act.HOLD_BALLOT)
def open_ballot(selection_round_id: int) -> ResponseReturnValue:
    """Open a ballot."""
    row = selections.get_round(selection_round_id)
    rules = selections.rules_of(row)
    form = BallotForm(rules.tiers, ballots.candidates_of(row.id))
    if form.validate_on_submit():
        done = attempt(
            form,
            ballots.open_ballot,
            row.id,
            tier=form.tier.data or "",
            places=int(form.places.data or 0),
            application_ids=form.candidates.data or (),
        )
        if done:
            return redirect(url_for(".show_ballot", selection_ballot_id=done.id), 303)
    page = render_template(
        "selection_reviews_meetings/open_ballot.html",
        form=form,
        row=row,
        surplus=plain(rules.review.surplus_percent),
        majority=plain(rules.review.majority_percent),
        crumbs=[*crumbs_of(row), (gettext("Ballots"), _list_url(row.id))],
    )
    return page, 422 if form.is_submitted() else 200


def _list_url(round_id: int) -> str:
    return url_for(".list_ballots", panel_round_id=round_id)


@blueprint.get("/selection-reviews/<int:panel_round_id>/ballots")
@allows(Act.SEE_BALLOTS)
def list_ballots(panel_round_id: int) -> ResponseReturnValue:
    """List the ballots of a round."""
    row = selections.get_round(panel_round_id)
    found = ballots.list_ballots(row.id)
    rules = selections.rules_of(row)
    return render_template(
        "selection_reviews_meetings/list_ballots.html",
        row=row,
        ballots=found,
        tiers={one.key: one.title for one in rules.tiers},
        turnout=ballots.turnout([one.id for one in found]),
        panel=len(selection_reviews.voters_of(row.id)),
        outcomes={
            one.id: ballots.outcome_of(one) for one in found if one.state is BallotState.COUNTED
        },
        crumbs=crumbs_of(row),
    )


@blueprint.get("/selection-reviews/ballots/<int:selection_ballot_id>")
@allows(Act.SEE_BALLOTS)
def show_ballot(selection_ballot_id: int) -> ResponseReturnValue:
    """Show a ballot: the paper to those who vote, how many have to staff, the count to both."""
    return _page(selection_ballot_id)


def _page(key: int, paper: PaperForm | None = None, reason: ReasonForm | None = None) -> str:
    ballot = ballots.get_ballot(key)
    row = selections.get_round(ballot.round_id)
    rules = selections.rules_of(row)
    panel, voted = selection_reviews.voters_of(row.id), ballots.voters(key)
    own = next((one for one in panel if one.account_id == require_holder().account_id), None)
    counted = ballots.outcome_of(ballot) if ballot.state is BallotState.COUNTED else None
    return render_template(
        "selection_reviews_meetings/show_ballot.html",
        ballot=ballot,
        row=row,
        names=ballots.names_of(ballot.candidates),
        tier=next((one.title for one in rules.tiers if one.key == ballot.tier), ""),
        panel=panel,
        voted=voted,
        own=own,
        outcome=counted,
        follows=ballots.get_ballot(ballot.follows_id) if ballot.follows_id else None,
        may_run_off=counted is not None and bool(run_off(rules.review, counted)),
        paper=paper or PaperForm(_own_choices(ballot.candidates, own), formdata=None),
        reason=reason or ReasonForm(formdata=None),
        crumbs=[*crumbs_of(row), (gettext("Ballots"), _list_url(row.id))],
        is_staff=require_holder().has(Role.BUREAU_STAFF),
    )


def _own_choices(ids: list[int], seat: SelectionReviewer | None) -> dict[int, ballots.Name]:
    """Return whom a reviewer can choose: not those he is kept from."""
    spared = set() if seat is None else seats.spared_of([seat.id])[seat.id]
    return {key: one for key, one in ballots.names_of(ids).items() if key not in spared}


@blueprint.post("/selection-reviews/ballots/<int:selection_ballot_id>/vote")
@allows(Act.VOTE)
def vote(selection_ballot_id: int) -> ResponseReturnValue:
    """Cast a secret paper."""
    ballot = ballots.get_ballot(selection_ballot_id)
    seat = selection_reviews.own_seat(require_holder().account_id, ballot.round_id)
    form = PaperForm(_own_choices(ballot.candidates, seat))
    chosen = form.chosen.data or ()
    if form.validate() and attempt(form, ballots.vote, ballot.id, chosen):
        flash(gettext("Your paper is cast. Nobody can see what it says."), "success")
        return redirect(url_for(".show_ballot", selection_ballot_id=selection_ballot_id), 303)
    return _page(selection_ballot_id, form), 422


@blueprint.post("/selection-reviews/ballots/<int:selection_ballot_id>/count")
@allows(Act.HOLD_BALLOT)
def count_ballot(selection_ballot_id: int) -> ResponseReturnValue:
    """Count a ballot."""
    if attempt_button(ballots.count_ballot, selection_ballot_id):
        flash(gettext("The ballot is counted."), "success")
    return redirect(url_for(".show_ballot", selection_ballot_id=selection_ballot_id), 303)


@blueprint.post("/selection-reviews/ballots/<int:selection_ballot_id>/run-off")
@allows(Act.HOLD_BALLOT)
def open_run_off(selection_ballot_id: int) -> ResponseReturnValue:
    """Open the run-off of a ballot."""
    done = attempt_button(ballots.open_run_off, selection_ballot_id)
    key = done.id if done else selection_ballot_id
    return redirect(url_for(".show_ballot", selection_ballot_id=key), 303)


@blueprint.post("/selection-reviews/ballots/<int:selection_ballot_id>/void")
@allows(Act.HOLD_BALLOT)
def void_ballot(selection_ballot_id: int) -> ResponseReturnValue:
    """Void a ballot that went wrong."""
    form = ReasonForm()
    if form.validate():
        done = attempt(
            form, ballots.void_ballot, selection_ballot_id, reason=form.reason.data or ""
        )
        if done:
            flash(gettext("The ballot is void."), "success")
            return redirect(url_for(".show_ballot", selection_ballot_id=selection_ballot_id), 303)
    return _page(selection_ballot_id, reason=form), 422
