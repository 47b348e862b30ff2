"""The pages on which a round is worked, each for those who may open it."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from blueprints.access import current_holder
from models.selections import SelectionRound
from rules import access
from rules.access import Place
from rules.acts import Act
from rules.selection_rounds import RoundRules
from rules.selections import RoundState
from rules.texts import N_
from services.selections_decisions import Stages

_CHECKS = (
    (N_("Doubles"), "selection_checks.list_doubles", Act.MERGE_APPLICATIONS),
    (N_("Letters to other bodies"), "selection_checks.list_letters", Act.ASK_OPINIONS),
    (
        N_("Import of a paper round"),
        "selection_checks.import_applications",
        Act.IMPORT_APPLICATIONS,
    ),
)
_REVIEWS = (
    (N_("Ballots"), "selection_reviews_meetings.list_ballots", Act.SEE_BALLOTS),
    (N_("Visits"), "selection_reviews_meetings.list_visits", Act.RECORD_VISIT),
    (N_("Meetings"), "selection_reviews_meetings.list_meetings", Act.SEE_MEETINGS),
)


def pages_of(
    row: SelectionRound, rules: RoundRules, stages: Stages | None
) -> list[tuple[str, str]]:
    """Return titles and addresses of the pages on which a round that is published is worked."""
    found = [*_checks(row), *_reviews(row, rules), *_after(row, stages)]
    holder = current_holder()
    contest = stages.contest if stages else None
    place = Place(contest_id=contest.id if contest else None)
    return [
        (gettext(title), address)
        for title, address, act in found
        if access.allowed(act, holder, place) or access.may(act, holder)
    ]


def _checks(row: SelectionRound) -> Iterator[tuple[str, str, Act]]:
    yield (
        N_("Checks"),
        url_for("selection_checks.list_steps", round=row.id),
        Act.SEE_SELECTION_CHECKS,
    )
    for title, endpoint, act in _CHECKS:
        yield title, url_for(endpoint, selection_round_id=row.id), act


def _reviews(row: SelectionRound, rules: RoundRules) -> Iterator[tuple[str, str, Act]]:
    address = url_for("selection_reviews.show_review", selection_round_id=row.id)
    yield N_("Panel, order and proposals"), address, Act.MANAGE_SELECTION_REVIEW
    for title, endpoint, act in _REVIEWS:
        yield title, url_for(endpoint, panel_round_id=row.id), act
    if rules.review.method == "pairs":
        address = url_for("selection_reviews_meetings.show_pairs", panel_round_id=row.id)
        yield N_("Pairs"), address, Act.SEE_PAIRS


def _after(row: SelectionRound, stages: Stages | None) -> Iterator[tuple[str, str, Act]]:
    if stages is None or stages.contest is None:
        return
    key = stages.contest.id
    if stages.notice is not None:
        address = url_for("objections.list_objections", notice_id=stages.notice.id)
        yield N_("Objections"), address, Act.HANDLE_OBJECTION
    yield N_("Documents"), url_for("documents.list_documents", contest_id=key), Act.SEE_DOCUMENTS
    if row.state is RoundState.DECIDED:
        address = url_for("payouts.list_orders", contest=key)
        yield N_("Payment orders"), address, Act.SEE_PAYOUTS
        address = url_for("certificates.list_certificates", contest=key)
        yield N_("Certificates"), address, Act.SEE_CERTIFICATES
        address = url_for("selection_holders.list_holders", programme=row.programme_id)
        yield N_("Title holders"), address, Act.SEE_TITLES
        yield N_("Nominations upward"), url_for("nominations.list_calls"), Act.SEE_NOMINATIONS
