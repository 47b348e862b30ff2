"""The control room of an event while it is judged."""

from blueprints.control import absences, violations, works
from blueprints.control.views import blueprint

__all__ = ["absences", "blueprint", "violations", "works"]
