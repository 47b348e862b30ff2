"""Lines of a certificate: broken where Chinese allows it, set smaller by rule, never too wide."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rules.certificate_layouts import Fit
from rules.certificate_lines import NO_END, NO_START, Fitted, Piece, Room, fitted

WRAP = Room(100, 1000, 10, 5, 1.5, 0, Fit.WRAP, 40)


def _pieces(text: str, whole: str = "") -> list[Piece]:
    start = text.find(whole) if whole else len(text)
    inside = range(start, start + len(whole))
    return [
        Piece(one, 0 if one == "\n" else (0.5 if one.isascii() else 1), 1 if at in inside else 0)
        for at, one in enumerate(text)
    ]


def _set(text: str, room: Room = WRAP, whole: str = "") -> list[str]:
    pieces = _pieces(text, whole)
    found = fitted(pieces, room)
    assert found is not None
    return ["".join(one.text for one in pieces[start:end]) for start, end, _ in found.lines]


def _size(text: str, room: Room) -> tuple[float, int] | None:
    found = fitted(_pieces(text), room)
    return found and (found.size, len(found.lines))


def test_lines_break_after_any_han_character() -> None:
    assert _set("一二三四五六七八九十一二") == ["一二三四五六七八九十", "一二"]


def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark() -> None:
    assert _set("一二三四五六七八九十。二") == ["一二三四五六七八九", "十。二"]
    assert _set("一二三四五六七八九（十）") == ["一二三四五六七八九", "（十）"]
    assert _set("阿卜杜热西提江江江江·买买") == ["阿卜杜热西提江江江", "江·买买"]


def test_words_and_numbers_stay_whole_and_blanks_hang() -> None:
    assert _set("一二三四五六七2026年ABC", WRAP._replace(width=90)) == [
        "一二三四五六七2026",
        "年ABC",
    ]
    assert _set("This is to certify") == ["This is to certify"]
    assert _set("This is to certify that") == ["This is to certify", "that"]
    assert _set("x" * 25) == ["x" * 20, "x" * 5]  # longer than a line: torn where it must be


def test_what_belongs_together_goes_to_the_next_line_together() -> None:
    assert _set("一二三四五六七八九一等奖", whole="一等奖") == ["一二三四五六七八九", "一等奖"]


def test_paragraphs_begin_a_line_and_are_set_in() -> None:
    room = WRAP._replace(indent=2)
    assert _set("一二三四五六七八九十\n二", room) == ["一二三四五六七八", "九十", "二"]
    found = fitted(_pieces("一二三四五六七八九十\n二"), room)
    assert found and [first for _, _, first in found.lines] == [True, False, True]


def test_a_name_is_set_smaller_first_and_on_two_lines_then() -> None:
    room = Room(100, 30, 20, 10, 1.2, 0, Fit.SHRINK, 2)
    assert _size("一二三四五", room) == (20, 1)
    assert _size("一二三四五六七", room) == (14, 1)
    assert _size("一二三四五六七八九十", room) == (10, 1)
    assert _size("一二三四五六七八九十一二三四五", room) == (12.5, 2)
    assert _size("一" * 20, room) == (10, 2)
    assert _size("一" * 21, room) is None


def test_a_paragraph_takes_more_lines_first_and_is_set_smaller_then() -> None:
    room = Room(100, 45, 10, 5, 1.5, 0, Fit.WRAP, 40)
    assert _size("一" * 30, room) == (10, 3)
    assert _size("一" * 31, room) == (9, 3)
    assert _size("一" * 500, room) is None


def test_nothing_at_all_fits() -> None:
    assert _size("", WRAP) == (10, 1)


@given(
    st.text(alphabet="一二三（）“”。，·ab1 \n", max_size=60),
    st.sampled_from(list(Fit)),
    st.floats(20, 200),
    st.floats(10, 100),
)
def test_lines_hold_all_of_the_text_and_never_leave_the_room(
    text: str, fit: Fit, width: float, height: float
) -> None:
    pieces = _pieces(text)
    room = Room(width, height, 16, 6, 1.3, 1, fit, 5)
    found = fitted(pieces, room)
    if found is None:
        return
    _check(pieces, room, found)


def _check(pieces: list[Piece], room: Room, found: Fitted) -> None:
    assert room.least <= found.size <= room.size
    assert len(found.lines) * found.size * room.leading <= room.height + 0.001
    for start, end, first in found.lines:
        wide = sum(one.width for one in pieces[start:end]) + room.indent * first
        assert wide * found.size <= room.width + 0.001
    gaps = [(0, found.lines[0][0]), *((a[1], b[0]) for a, b in pairwise(found.lines))]
    gaps.append((found.lines[-1][1], len(pieces)))
    left_out = [one.text for start, end in gaps for one in pieces[start:end]]
    assert all(one.isspace() for one in left_out), "only blanks and breaks are left out"


def test_the_marks_are_no_letters() -> None:
    assert not any(mark.isalnum() for mark in NO_START | NO_END)
