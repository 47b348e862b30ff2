"""The life of a person at the trade, and the generations before and after."""

from blueprints.timelines.views import blueprint

__all__ = ["blueprint"]
