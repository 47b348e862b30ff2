"""Pages of judging."""

from blueprints.judging import organizing, progress, receipts, syncing, tables
from blueprints.judging.views import blueprint

__all__ = ["blueprint", "organizing", "progress", "receipts", "syncing", "tables"]
