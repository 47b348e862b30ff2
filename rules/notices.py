"""What a public notice is like: the order of its list."""

from enum import StrEnum


class Ordering(StrEnum):
    """In which order a public list names people; the list says so (R3.05)."""

    AWARD = "award"
    AWARD_STROKES = "award_strokes"
    STROKES = "strokes"
    PINYIN = "pinyin"
    ENTRY = "entry"
    EMPLOYER = "employer"


# These compare names by strokes, so that a character without data matters.
BY_STROKES = frozenset({Ordering.AWARD_STROKES, Ordering.STROKES})
