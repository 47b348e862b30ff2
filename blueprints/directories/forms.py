"""The form of the map of districts."""

import json
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import FieldList, Form, FormField, HiddenField, IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from blueprints.forms import ActForm, gettext, one_line
from rules.tile_maps import LONGEST, MOST, Tile

MORE = 4  # so many empty tiles are offered
_PLACE = NumberRange(1, MOST)


class TileForm(Form):
    """One tile; without a name it is none."""

    title = StringField(
        lazy_gettext("District"), filters=[one_line], validators=[Length(max=LONGEST)]
    )
    column = IntegerField(lazy_gettext("Column"), validators=[Optional(), _PLACE])
    row = IntegerField(lazy_gettext("Row"), validators=[Optional(), _PLACE])

    def validate_column(self, _field: Any) -> None:
        """Ask for both places of a tile that has a name."""
        if self.title.data and (self.column.data is None or self.row.data is None):
            raise ValidationError(gettext("Write column and row."))

    def tile(self) -> Tile | None:
        """Return the tile; None without a name."""
        if not self.title.data or self.column.data is None or self.row.data is None:
            return None
        return Tile(self.title.data, self.column.data, self.row.data)


class MapForm(ActForm):
    """All tiles, and those that the page was opened with."""

    tiles = FieldList(FormField(TileForm), max_entries=MOST * MOST)
    seen = HiddenField()

    def show(self, tiles: Sequence[Tile]) -> None:
        """Show the tiles there are and some empty ones."""
        self.seen.data = json.dumps([[one.title, one.column, one.row] for one in tiles])
        for one in tiles:
            self.tiles.append_entry({"title": one.title, "column": one.column, "row": one.row})
        for _ in range(MORE):
            self.tiles.append_entry()

    def typed(self) -> list[Tile]:
        """Return the tiles as they were typed."""
        return [tile for entry in self.tiles if (tile := entry.form.tile()) is not None]

    def base(self) -> list[Tile]:
        """Return the tiles that the page was opened with; none if they cannot be read."""
        try:
            found = json.loads(self.seen.data or "[]")
            return [Tile(str(title), int(x), int(y)) for title, x, y in found]
        except (TypeError, ValueError):
            return []
