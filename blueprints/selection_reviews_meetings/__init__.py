"""Ballots, pairs, visits and meetings of a panel."""

from blueprints.selection_reviews_meetings import ballots, meetings, pairs, visits
from blueprints.selection_reviews_meetings.views import blueprint

__all__ = ["ballots", "blueprint", "meetings", "pairs", "visits"]
