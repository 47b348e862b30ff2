"""Pages of the checks of applications in selections."""

from blueprints.selection_checks import (  # noqa: F401  (their routes)
    acting,
    doubles,
    imports,
    opinions,
    overrides,
    ranks,
)
from blueprints.selection_checks.views import blueprint

__all__ = ["blueprint"]
