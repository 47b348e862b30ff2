"""Pages of boards: the public live board, the screen of the results, the ceremony."""

from blueprints.boards.views import blueprint

__all__ = ["blueprint"]
