"""The constant part of a card."""

from typing import NamedTuple


class Look(NamedTuple):
    """The constant part of a card."""

    title: str
    text: str
    action: str
    tone: str
    icon: str
    shows_count: bool = True
