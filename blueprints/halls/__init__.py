"""Pages of the hall: its layout, draws, passes, check-in, the board of the day, the screen."""

from blueprints.halls import arrivals, lots, passes, screens, turns
from blueprints.halls.views import blueprint

__all__ = ["arrivals", "blueprint", "lots", "passes", "screens", "turns"]
