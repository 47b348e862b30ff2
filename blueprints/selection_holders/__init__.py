"""Pages of titles in their term: register, reports, benefits, old lists, decisions of rounds."""

from blueprints.selection_holders import benefits, decisions, importing, own
from blueprints.selection_holders.views import blueprint

__all__ = ["benefits", "blueprint", "decisions", "importing", "own"]
