"""The public directory of workshops, with its map."""

from blueprints.directories.views import blueprint

__all__ = ["blueprint"]
