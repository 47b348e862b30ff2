"""Pages by which certificates reach winners, employers and the press of the printer."""

from blueprints.deliveries import claiming, employers, lifetime
from blueprints.deliveries.views import blueprint

__all__ = ["blueprint", "claiming", "employers", "lifetime"]
