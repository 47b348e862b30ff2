"""Pages of certificates."""

from blueprints.certificates import checking, signing
from blueprints.certificates.views import blueprint

__all__ = ["blueprint", "checking", "signing"]
