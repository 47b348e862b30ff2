"""Reports and pictures: editions, events, years, trends, comparisons."""

from blueprints.statistics.views import blueprint

__all__ = ["blueprint"]
