"""Pages of calendars."""

from blueprints.calendars.views import blueprint

__all__ = ["blueprint"]
