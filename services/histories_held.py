"""An edition that was held here and is in a list of the past too counts once: as it was held here.

The same contest is one of the same title, however it is typed, in the same year.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, exists, select

from models.columns import bare_title
from models.contests import Contest
from models.database import db
from models.histories import HistoryEdition
from rules.titles import bare_title as bare
from services.statistics_counting import contests_counted


def editions_held(years: Iterable[int]) -> set[tuple[str, int]]:
    """Return bare title and year of the editions of these years that were held here."""
    query = select(Contest.title, Contest.year).where(
        Contest.year.in_(list(years)), contests_counted()
    )
    return {(bare(title), year) for title, year in db.session.execute(query)}


def not_held_here() -> Any:
    """Return the condition that an edition of a list counts: it was not held here as well."""
    same = and_(
        Contest.year == HistoryEdition.year,
        bare_title(Contest.title) == bare_title(HistoryEdition.title),
        contests_counted(),
    )
    return ~exists(select(Contest.id).where(same).correlate(HistoryEdition))
