"""Pages of nominations upward: calls, candidates, order, notice, packs, outcomes, the ladder."""

from blueprints.nominations import candidates, files, outcomes, own, papers, rules, suggesting
from blueprints.nominations.views import blueprint

__all__ = ["blueprint", "candidates", "files", "outcomes", "own", "papers", "rules", "suggesting"]
