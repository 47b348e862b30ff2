"""Pages of paper sheets: printing, keying, comparing, scans."""

from blueprints.papers import comparing, keying, scanning
from blueprints.papers.views import blueprint

__all__ = ["blueprint", "comparing", "keying", "scanning"]
