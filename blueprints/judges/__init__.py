"""Pages of the judge pool, of relations and conflicts, of invitations and drawn panels."""

from blueprints.judges import drawing, importing, recusals, relations
from blueprints.judges.views import blueprint

__all__ = ["blueprint", "drawing", "importing", "recusals", "relations"]
