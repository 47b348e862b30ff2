"""Pages of stipends: scales, runs with their lines, evidence, and a mentor's own page."""

from blueprints.stipends import evidence, scales
from blueprints.stipends.views import blueprint

__all__ = ["blueprint", "evidence", "scales"]
