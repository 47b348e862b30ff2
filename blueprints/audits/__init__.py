"""Pages of audits."""

from blueprints.audits.views import blueprint

__all__ = ["blueprint"]
