"""Pages of awards."""

from blueprints.awards.views import blueprint

__all__ = ["blueprint"]
