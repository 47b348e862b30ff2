"""Proposals of a round: made by one, read with every reason, approved by another."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.selection_reviews.forms import ApproveForm, ProposeForm, ReasonForm
from blueprints.selection_reviews.panels import review_page
from blueprints.selection_reviews.views import blueprint
from blueprints.web import attempt, page_number, translated
from models.selection_reviews import SelectionProposal
from rules.acts import Act
from rules.decisions import Decision
from rules.selection_allocation_reasons import REASONS, Reason
from rules.selection_rounds import RoundRules
from rules.selections import ProposalState
from services import (
    selection_reviews_ballots,
    selection_reviews_blockers,
    selection_reviews_meetings,
    selections,
)
from services import selection_reviews_proposals as proposals
from services.selection_reviews_proposals import ProposalLine

MOST_NAMES = 5


@blueprint.post("/selection-reviews/<int:selection_round_id>/propose")
@allows(Act.MANAGE_SELECTION_REVIEW)
def make_proposal(selection_round_id: int) -> ResponseReturnValue:
    """Make the next proposal of a round as a draft."""
    form, key = ProposeForm(), selection_round_id
    if form.validate():
        done = attempt(
            form,
            proposals.make_proposal,
            key,
            reason=form.reason.data or "",
            decisions=_decisions(form, key),
        )
        if done:
            return redirect(url_for(".show_proposal", selection_proposal_id=done.id), 303)
    return review_page(key, {"propose": form}), 422


def _decisions(form: ProposeForm, round_id: int) -> list[Decision]:
    """Read the decided order of equal places: numbers of applications, best first."""
    numbers = [
        int(one)
        for one in (form.order.data or "").replace("、", " ").replace(",", " ").split()
        if one.isdecimal()
    ]
    if not numbers:
        return []
    known = proposals.ids_of(round_id)
    order = tuple(known.get(one, 0) for one in numbers)
    return [
        Decision(
            kind="place",
            order=order,
            reason=form.why.data or "",
            decided_by=form.decided_by.data or "",
        )
    ]


@blueprint.get("/selection-reviews/proposals/<int:selection_proposal_id>")
@allows(Act.MANAGE_SELECTION_REVIEW)
def show_proposal(selection_proposal_id: int) -> ResponseReturnValue:
    """Show who is proposed for which tier, and why the others are not."""
    return _page(selection_proposal_id, ApproveForm(formdata=None))


def _page(proposal_id: int, form: ApproveForm) -> str:
    row = proposals.get_proposal(proposal_id)
    round_ = selections.get_round(row.round_id)
    rules = selections.rules_of(round_)
    page = proposals.page_of_lines(row, page_number())
    meetings = selection_reviews_meetings.list_meetings(row.round_id)[::-1]
    form.meeting_id.choices = [("", "–"), *((str(one.id), one.title) for one in meetings)]
    form.version.data = str(row.version)
    named = {key for one in page.items for reason in one.reasons for key in _shown(reason)}
    known = selection_reviews_ballots.names_of(named)
    names = {key: one.name for key, one in known.items()}
    tiers = {one.key: one.name for one in rules.tiers}
    return render_template(
        "selection_reviews/show_proposal.html",
        row=row,
        round=round_,
        page=page,
        lines=[(one, words_of(one, rules, names)) for one in page.items],
        tiers=tiers,
        quotas={one.key: one.title for one in rules.quotas},
        problems=_problems(row) if row.state is ProposalState.DRAFT else [],
        meetings=meetings,
        form=form,
        reason=ReasonForm(formdata=None),
    )


def _problems(row: SelectionProposal) -> list[str]:
    chosen = proposals.chosen_of(row.id)
    found = selection_reviews_blockers.problems_of(row.round_id, chosen)
    return [translated(one) for one in found]


def _shown(reason: Reason) -> Sequence[int]:
    return reason.others[:MOST_NAMES]


def words_of(line: ProposalLine, rules: RoundRules, names: Mapping[int, str]) -> list[str]:
    """Say the reasons of a line in words."""
    return [_words(one, rules, names) for one in line.reasons]


def _words(reason: Reason, rules: RoundRules, names: Mapping[int, str]) -> str:
    titles = {one.key: one.title for one in rules.quotas}
    tiers = {one.key: one.name for one in rules.tiers}
    usual = {"places": gettext("the number of places"), "least_score": gettext("the least score")}
    said = [usual.get(kind) or titles.get(key, key) for kind, key in reason.rules]
    words: str = gettext(
        REASONS[reason.kind],
        rule="、".join(said),
        names=_names([names.get(one, "") for one in _shown(reason)], len(reason.others)),
        tier=tiers.get(reason.tier, reason.tier),
        rank=reason.rank,
    )
    return words


def _names(shown: Sequence[str], count: int) -> str:
    if not count:
        return str(gettext("nobody"))
    names = "、".join(shown)
    if count == len(shown):
        return names
    text = gettext("%(names)s and others, %(count)s in all", names=names, count=count)
    return str(text)


@blueprint.post("/selection-reviews/proposals/<int:selection_proposal_id>/approve")
@allows(Act.APPROVE_SELECTION)
def approve(selection_proposal_id: int) -> ResponseReturnValue:
    """Approve a proposal as a second person."""
    form, key = ApproveForm(), selection_proposal_id
    meeting = form.meeting_id.data or ""
    if form.validate():
        done = attempt(
            form,
            proposals.approve,
            key,
            meeting_id=int(meeting) if meeting.isdecimal() else None,
            version=form.base_version,
        )
        if done:
            flash(gettext("The proposal is approved and signed."), "success")
            return redirect(url_for(".show_proposal", selection_proposal_id=key), 303)
    return _page(key, form), 422


@blueprint.post("/selection-reviews/proposals/<int:selection_proposal_id>/discard")
@allows(Act.MANAGE_SELECTION_REVIEW)
def discard_proposal(selection_proposal_id: int) -> ResponseReturnValue:
    """Put a draft aside with a reason."""
    form, key = ReasonForm(), selection_proposal_id
    act = proposals.discard_proposal
    if form.validate():
        done = attempt(form, act, key, reason=form.reason.data or "")
        if done:
            return redirect(url_for(".show_review", selection_round_id=done.id), 303)
    for message in (*form.form_errors, *form.reason.errors):
        flash(str(message), "danger")
    return _page(key, ApproveForm(formdata=None)), 422
