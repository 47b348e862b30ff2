"""Pages of accounts."""

from blueprints.accounts import managing, workbooks  # noqa: F401  (they add their routes)
from blueprints.accounts.views import blueprint

__all__ = ["blueprint"]
