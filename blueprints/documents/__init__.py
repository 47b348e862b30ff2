"""Pages of official documents and of their templates."""

from blueprints.documents import templates
from blueprints.documents.views import blueprint

__all__ = ["blueprint", "templates"]
