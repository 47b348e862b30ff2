"""Pages of entries."""

from blueprints.entries import entering, importing, reviewing  # noqa: F401  (they add their routes)
from blueprints.entries.views import blueprint

__all__ = ["blueprint"]
