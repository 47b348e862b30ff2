"""Pages of craftsman selections: programmes, rounds and their rules, the public calls."""

from blueprints.selections import clauses, public, rounds, sections
from blueprints.selections.views import blueprint

__all__ = ["blueprint", "clauses", "public", "rounds", "sections"]
