"""Pages of notices."""

from blueprints.notices import chain, posting
from blueprints.notices.views import blueprint

__all__ = ["blueprint", "chain", "posting"]
