"""What the pages of a panel have in common."""

from flask import Blueprint, url_for

from models.selections import SelectionRound

blueprint = Blueprint("selection_reviews_meetings", __name__)


def crumbs_of(row: SelectionRound) -> list[tuple[str, str]]:
    """Return the way back to the round."""
    return [(row.title, url_for("selections.show_public", selection_round_id=row.id))]
