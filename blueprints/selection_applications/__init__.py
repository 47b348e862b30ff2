"""Pages of applications in selections: begun, written, submitted, read."""

from blueprints.selection_applications import evidence, submitting, writing
from blueprints.selection_applications.views import blueprint

__all__ = ["blueprint", "evidence", "submitting", "writing"]
