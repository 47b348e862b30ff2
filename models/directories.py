"""What the public directory of workshops is drawn with: districts as tiles."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base


class DistrictTile(Base):
    """A district at its place in the map of tiles, counted from 1 from the upper left."""

    __tablename__ = "district_tile"
    __table_args__ = (
        UniqueConstraint("tile_column", "tile_row"),
        CheckConstraint("tile_column >= 1 AND tile_row >= 1", name="place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(40), unique=True)
    column: Mapped[int] = mapped_column("tile_column")
    row: Mapped[int] = mapped_column("tile_row")
