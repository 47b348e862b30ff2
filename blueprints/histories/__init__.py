"""Pages of lists of the past: upload, columns, preview, confirmation, undoing."""

from blueprints.histories.views import blueprint

__all__ = ["blueprint"]
