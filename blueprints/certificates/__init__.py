"""Pages of certificates."""

from blueprints.certificates import appointments, checking, signing, verifying
from blueprints.certificates.views import blueprint

__all__ = ["appointments", "blueprint", "checking", "signing", "verifying"]
