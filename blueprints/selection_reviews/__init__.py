"""Pages of the review of a selection: the panel, its sheets, and the proposals."""

from blueprints.selection_reviews import panels, proposals
from blueprints.selection_reviews.views import blueprint

__all__ = ["blueprint", "panels", "proposals"]
