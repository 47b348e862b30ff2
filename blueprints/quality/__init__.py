"""Pages about the quality of teaching."""

from blueprints.quality.views import blueprint

__all__ = ["blueprint"]
