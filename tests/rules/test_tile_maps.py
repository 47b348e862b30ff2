"""Maps of tiles: what is refused, and how counts fill them."""

import pytest

from rules.refusals import Refused
from rules.tile_maps import Tile, check_tiles, fill, shade


def test_counts_fill_the_tiles_row_by_row() -> None:
    tiles = [Tile("浒山街道", 2, 2), Tile("观海卫镇", 3, 1), Tile("龙山镇", 1, 1)]
    made = fill(tiles, {"浒山街道": 8, "龙山镇": 1, "宁波": 2, "余姚": 3, "": 1})
    assert [(one.tile.title, one.count, one.shade) for one in made.tiles] == [
        ("龙山镇", 1, 1),
        ("观海卫镇", 0, 0),
        ("浒山街道", 8, 4),
    ]
    assert (made.columns, made.rows) == (3, 2)
    assert made.beside == (("余姚", 3), ("宁波", 2), ("", 1))


def test_a_map_without_tiles_lists_everything_beside() -> None:
    assert fill([], {"龙山镇": 1}).beside == (("龙山镇", 1),)


@pytest.mark.parametrize(
    ("count", "most", "expected"),
    [(0, 8, 0), (1, 8, 1), (2, 8, 1), (3, 8, 2), (8, 8, 4), (1, 1, 4), (0, 0, 0)],
)
def test_shades(count: int, most: int, expected: int) -> None:
    assert shade(count, most) == expected


@pytest.mark.parametrize(
    "tiles",
    [
        [Tile("", 1, 1)],
        [Tile("龙" * 41, 1, 1)],
        [Tile("龙山镇", 0, 1)],
        [Tile("龙山镇", 1, 31)],
        [Tile("龙山镇", 1, 1), Tile("龙山镇", 2, 1)],
        [Tile("龙山镇", 1, 1), Tile("浒山街道", 1, 1)],
    ],
)
def test_tiles_that_cannot_be_drawn_are_refused(tiles: list[Tile]) -> None:
    with pytest.raises(Refused):
        check_tiles(tiles)


def test_tiles_that_can_be_drawn_pass() -> None:
    check_tiles([Tile("龙山镇", 1, 1), Tile("浒山街道", 30, 30)])
