"""Pages of certificates."""

from blueprints.certificates import signing
from blueprints.certificates.views import blueprint

__all__ = ["blueprint", "signing"]
