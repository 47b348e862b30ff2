"""Pages of designs of certificates, and of seals."""

from blueprints.designs import designing, seals
from blueprints.designs.views import blueprint

__all__ = ["blueprint", "designing", "seals"]
