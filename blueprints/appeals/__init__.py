"""Pages of appeals."""

from blueprints.appeals import deciding
from blueprints.appeals.views import blueprint

__all__ = ["blueprint", "deciding"]
