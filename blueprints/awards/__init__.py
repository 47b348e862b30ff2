"""Pages of awards."""

from blueprints.awards import shares
from blueprints.awards.views import blueprint

__all__ = ["blueprint", "shares"]
