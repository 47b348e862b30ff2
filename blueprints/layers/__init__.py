"""Pages of sealed codes."""

from blueprints.layers import keys, opening
from blueprints.layers.views import blueprint

__all__ = ["blueprint", "keys", "opening"]
