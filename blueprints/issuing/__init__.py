"""Pages of runs of certificates and of the register of numbers."""

from blueprints.issuing import numbers, papers, steps  # noqa: F401  (their routes)
from blueprints.issuing.views import blueprint

__all__ = ["blueprint"]
