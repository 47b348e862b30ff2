"""Pages of people."""

from blueprints.people.views import blueprint

__all__ = ["blueprint"]
