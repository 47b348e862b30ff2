"""Pages of the sign-off: the chain, checks against paper, reopening."""

from blueprints.signoffs import checking, reopening
from blueprints.signoffs.views import blueprint

__all__ = ["blueprint", "checking", "reopening"]
