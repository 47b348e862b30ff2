"""Pages of payment orders, of accounts, batch files and answers, taxes and pay-backs."""

from blueprints.payouts import files, payees, recoveries, returns, series, taxes
from blueprints.payouts.views import blueprint

__all__ = ["blueprint", "files", "payees", "recoveries", "returns", "series", "taxes"]
