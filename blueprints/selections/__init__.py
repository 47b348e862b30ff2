"""Pages of craftsman selections: programmes, rounds and their rules, the public calls."""

from blueprints.selections import board, bodies, clauses, public, rounds, sections, trials
from blueprints.selections.views import blueprint

__all__ = ["blueprint", "board", "bodies", "clauses", "public", "rounds", "sections", "trials"]
