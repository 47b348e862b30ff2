"""Pages of mentorships."""

from blueprints.mentorships import changing, classes, drafting, importing, limits, living  # noqa: F401  (their routes)
from blueprints.mentorships.views import blueprint

__all__ = ["blueprint"]
