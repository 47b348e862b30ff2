"""What the pages of a panel have in common."""

from pathlib import Path

from flask import Blueprint, current_app, url_for

from models.selections import SelectionRound

blueprint = Blueprint("selection_reviews_meetings", __name__)


def folder() -> Path:
    """Return where files are kept."""
    found: Path = current_app.config["SETTINGS"].files_dir
    return found


def crumbs_of(row: SelectionRound) -> list[tuple[str, str]]:
    """Return the way back to the round."""
    return [(row.title, url_for("selections.show_public", selection_round_id=row.id))]
