"""Pages of notices."""

from blueprints.notices import posting
from blueprints.notices.views import blueprint

__all__ = ["blueprint", "posting"]
