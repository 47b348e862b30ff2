"""Maps by district without borders: each district is a tile in a grid, neighbours side by side."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.refusals import Refused
from rules.texts import N_

MOST = 30  # columns, and rows
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Tile:
    """A district at its place, counted from 1 from the upper left."""

    title: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A tile with its count and how dark it is, from 0 (none) to 4 (the most)."""

    tile: Tile
    count: int
    shade: int


@dataclass(frozen=True, slots=True)
class TileMap:
    """All tiles, how large the grid is, and the districts that have no tile, with their counts."""

    tiles: tuple[Filled, ...]
    columns: int
    rows: int
    beside: tuple[tuple[str, int], ...]


def check_tiles(tiles: Sequence[Tile]) -> None:
    """Refuse tiles without a name, outside the grid, on one place, or of one district twice."""
    for number, tile in enumerate(tiles, start=1):
        if not tile.title or len(tile.title) > LONGEST:
            raise Refused(N_("Tile %(number)s needs a name of up to 40 characters."), number=number)
        if not (1 <= tile.column <= MOST and 1 <= tile.row <= MOST):
            raise Refused(
                N_("%(title)s: column and row are from 1 to %(most)s."), title=tile.title, most=MOST
            )
    _once(tiles)


def _once(tiles: Sequence[Tile]) -> None:
    titles = Counter(tile.title for tile in tiles)
    for title, count in titles.items():
        if count > 1:
            raise Refused(N_("%(title)s has more than one tile."), title=title)
    places: dict[tuple[int, int], str] = {}
    for tile in tiles:
        other = places.setdefault((tile.column, tile.row), tile.title)
        if other != tile.title:
            raise Refused(
                N_("%(one)s and %(other)s are at the same place."), one=other, other=tile.title
            )


def fill(tiles: Iterable[Tile], counts: Mapping[str, int]) -> TileMap:
    """Fill the tiles of a map with counts by district."""
    tiles = sorted(tiles, key=lambda tile: (tile.row, tile.column))
    most = max((counts.get(tile.title, 0) for tile in tiles), default=0)
    filled = [
        Filled(tile, counts.get(tile.title, 0), shade(counts.get(tile.title, 0), most))
        for tile in tiles
    ]
    known = {tile.title for tile in tiles}
    beside = sorted(
        ((title, count) for title, count in counts.items() if title not in known and count),
        key=lambda pair: (-pair[1], pair[0]),
    )
    columns = max((tile.column for tile in tiles), default=0)
    rows = max((tile.row for tile in tiles), default=0)
    return TileMap(tuple(filled), columns, rows, tuple(beside))


def shade(count: int, most: int) -> int:
    """Return how dark a tile is: 0 for none, else 1 to 4 by its share of the most."""
    if count <= 0 or most <= 0:
        return 0
    return max(1, -(-4 * count // most))
