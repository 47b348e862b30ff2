"""Pages of figures: the library, saved questions, frozen answers, replies."""

from blueprints.reports import frozen as frozen  # its routes join the same blueprint
from blueprints.reports import replies as replies
from blueprints.reports.views import blueprint

__all__ = ["blueprint"]
