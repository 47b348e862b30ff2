"""Pages of statements: keys, status lists, badges, and the means to check without us."""

from blueprints.statements import checking, managing
from blueprints.statements.views import blueprint

__all__ = ["blueprint", "checking", "managing"]
