"""Pages of contests above the city's: candidates, naming, form, results, prizes, past contests."""

from blueprints.provincial import (
    camps,
    delegations,
    events,
    exchange,
    files,
    imports,
    intakes,
    papers,
    public,
    results,
    rule_views,
    slots,
    standings,
)
from blueprints.provincial.views import blueprint

__all__ = [
    "blueprint",
    "camps",
    "delegations",
    "events",
    "exchange",
    "files",
    "imports",
    "intakes",
    "papers",
    "public",
    "results",
    "rule_views",
    "slots",
    "standings",
]
