"""Pages of objections to public notices."""

from blueprints.objections import handling
from blueprints.objections.views import blueprint

__all__ = ["blueprint", "handling"]
