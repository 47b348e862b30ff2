"""Pages by which certificates reach winners, employers and the press of the printer."""

from blueprints.deliveries import claiming, employers, lifetime, mailing, printing
from blueprints.deliveries.views import blueprint

__all__ = ["blueprint", "claiming", "employers", "lifetime", "mailing", "printing"]
