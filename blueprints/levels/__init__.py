"""Pages of level lists."""

from blueprints.levels import layouts, returns
from blueprints.levels.views import blueprint

__all__ = ["blueprint", "layouts", "returns"]
