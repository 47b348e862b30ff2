"""Pages by which certificates reach winners, employers and the press of the printer."""

from blueprints.deliveries import claiming, lifetime
from blueprints.deliveries.views import blueprint

__all__ = ["blueprint", "claiming", "lifetime"]
