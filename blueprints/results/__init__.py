"""Pages of results."""

from blueprints.results import deciding
from blueprints.results.views import blueprint

__all__ = ["blueprint", "deciding"]
