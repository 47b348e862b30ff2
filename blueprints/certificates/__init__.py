"""Pages of certificates."""

from blueprints.certificates.views import blueprint

__all__ = ["blueprint"]
