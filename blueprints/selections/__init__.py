"""Pages of craftsman selections: programmes, rounds and their rules, the public calls."""

from blueprints.selections import public, rounds
from blueprints.selections.views import blueprint

__all__ = ["blueprint", "public", "rounds"]
