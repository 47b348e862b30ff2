"""Pages of contests above the city's: candidates, naming, form, results, prizes, past contests."""

from blueprints.provincial import events, exchange, imports, intakes, public
from blueprints.provincial.views import blueprint

__all__ = ["blueprint", "events", "exchange", "imports", "intakes", "public"]
