"""Pages of statements: keys, status lists, badges, and the means to check without us."""

from blueprints.statements import managing
from blueprints.statements.views import blueprint

__all__ = ["blueprint", "managing"]
