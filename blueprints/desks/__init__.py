"""Pages of desks."""

from blueprints.desks.views import blueprint

__all__ = ["blueprint"]
