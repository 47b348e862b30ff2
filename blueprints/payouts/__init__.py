"""Pages of payment orders, of the accounts they go to, and of their batch files."""

from blueprints.payouts import files, payees
from blueprints.payouts.views import blueprint

__all__ = ["blueprint", "files", "payees"]
