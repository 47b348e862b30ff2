"""The map of the demonstration: the towns of a city on the bay, side by side as they lie."""

from rules.tile_maps import Tile
from services import directories
from services.demo_stages import Stage

# From the shore in the north to the hills in the south, from west to east.
_ROWS = (
    "－ － 庵东镇 崇寿镇 － 新浦镇 附海镇 － －",
    "周巷镇 长河镇 宗汉街道 坎墩街道 胜山镇 逍林镇 观海卫镇 掌起镇 龙山镇",
    "－ － 古塘街道 浒山街道 白沙路街道 桥头镇 － － －",
    "－ － － 横河镇 匡堰镇 － － － －",
)
_NOWHERE = "－"


def draw_map(stage: Stage) -> None:
    """Give each town its place on the map of the directory."""
    tiles = [
        Tile(title, column, row)
        for row, titles in enumerate(_ROWS, start=1)
        for column, title in enumerate(titles.split(), start=1)
        if title != _NOWHERE
    ]
    directories.save_map(stage.by("bureau", -30), tiles, [])
