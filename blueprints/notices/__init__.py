"""Pages of notices."""

from blueprints.notices.views import blueprint

__all__ = ["blueprint"]
