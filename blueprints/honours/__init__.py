"""Pages of the register of honours."""

from blueprints.honours.views import blueprint

__all__ = ["blueprint"]
