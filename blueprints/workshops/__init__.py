"""Pages of master workshops: the register, applications, reports, grades, assessments."""

from blueprints.workshops import (
    applications,
    changes,
    files,
    grading,
    imports,
    policies,
    reports,
    sheets,
)
from blueprints.workshops.views import blueprint

__all__ = [
    "applications",
    "blueprint",
    "changes",
    "files",
    "grading",
    "imports",
    "policies",
    "reports",
    "sheets",
]
