"""What a printed page carries, what a clerk may type, and what two readings have in common."""

from decimal import Decimal

import pytest

from rules.papers import (
    Agreement,
    PaperPage,
    Readings,
    SheetReference,
    paginate,
    read_payload,
    read_reference,
    reference,
)

PAGE = PaperPage(12, "K7XN", 1, 2, 1, 3, "0123ABCD")
CHECK = "0123456789AB"


def test_a_page_is_read_back_from_its_code() -> None:
    assert read_payload(PAGE.payload(CHECK)) == (PAGE, CHECK)
    reserve = PaperPage(12, "", 1, 0, 3, 3, "0123ABCD")
    assert read_payload(reserve.payload(CHECK)) == (reserve, CHECK)


def test_a_code_of_letters_digits_and_signs_needs_the_smallest_kind_of_qr() -> None:
    assert set(PAGE.payload(CHECK)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org/K7XN",
        PAGE.payload(CHECK)[:-1],
        PAGE.payload(CHECK) + "0",
        PAGE.payload(CHECK).replace("SKILLSTAR1", "SKILLSTAR2"),
        PAGE.payload(CHECK).replace("*1*2*", "*1*-2*"),
        PAGE.payload(CHECK).replace("*12*", "*1234567890*"),
    ],
)
def test_other_codes_are_not_ours(text: str) -> None:
    assert read_payload(text) is None


def test_each_part_of_a_page_changes_what_is_checked() -> None:
    others = [
        PaperPage(13, "K7XN", 1, 2, 1, 3, "0123ABCD"),
        PaperPage(12, "K7XM", 1, 2, 1, 3, "0123ABCD"),
        PaperPage(12, "K7XN", 2, 2, 1, 3, "0123ABCD"),
        PaperPage(12, "K7XN", 1, 1, 1, 3, "0123ABCD"),
        PaperPage(12, "K7XN", 1, 2, 2, 3, "0123ABCD"),
        PaperPage(12, "K7XN", 1, 2, 1, 2, "0123ABCD"),
        PaperPage(12, "K7XN", 1, 2, 1, 3, "0123ABCE"),
    ]
    assert len({one.text for one in (PAGE, *others)}) == 8


@pytest.mark.parametrize(
    "text",
    ["K7XN-1-2", " k7xn-1-2 ", "K7XN 1 2", "Ｋ７ＸＮ－１－２", "k7xn.1/2", PAGE.payload(CHECK)],
)
def test_a_sheet_is_named_as_people_and_scanners_do(text: str) -> None:
    assert read_reference(text) == SheetReference("K7XN", 1, 2)
    assert reference("K7XN", 1, 2) == "K7XN-1-2"


def test_a_work_code_alone_names_all_its_sheets() -> None:
    assert read_reference("k7xn") == SheetReference("K7XN")


@pytest.mark.parametrize("text", ["", "-", "K7XN-1", "K7XN-1-2-3", "K7*", "<b>", "K7XN-a-b"])
def test_anything_else_names_no_sheet(text: str) -> None:
    assert read_reference(text) is None


def test_a_reserve_sheet_names_no_work() -> None:
    assert read_reference(PaperPage(12, "", 1, 1, 1, 1, "0123ABCD").payload(CHECK)) is None


ONE, TWO = {"A": Decimal(5)}, {"A": Decimal(6)}


@pytest.mark.parametrize(
    ("hands", "rulings", "marks", "needed", "found"),
    [
        ((), {}, ONE, 2, Agreement.WAITING),
        ((ONE,), {}, ONE, 2, Agreement.WAITING),
        ((ONE, ONE), {}, ONE, 2, Agreement.SAME),
        ((ONE, TWO), {}, ONE, 2, Agreement.CLERKS_DIFFER),
        ((ONE, {}), {}, ONE, 2, Agreement.CLERKS_DIFFER),
        ((ONE, ONE), {}, TWO, 2, Agreement.SCREEN_DIFFERS),
        ((ONE, ONE), {}, {}, 2, Agreement.SCREEN_DIFFERS),
        (({}, {}), {}, ONE, 2, Agreement.SCREEN_DIFFERS),
        (({}, {}), {}, {}, 2, Agreement.SAME),
        ((ONE, TWO), {"A": Decimal(6)}, TWO, 2, Agreement.SAME),
        ((ONE, TWO), {"A": Decimal(6)}, ONE, 2, Agreement.SCREEN_DIFFERS),
        ((ONE, TWO), {"A": None}, {}, 2, Agreement.SAME),
        ((ONE,), {}, ONE, 1, Agreement.SAME),
        ((ONE,), {}, TWO, 1, Agreement.SCREEN_DIFFERS),
        ((ONE, TWO), {}, TWO, 1, Agreement.CLERKS_DIFFER),
    ],
)
def test_readings_stand_to_each_other(
    hands: tuple[dict[str, Decimal], ...],
    rulings: dict[str, Decimal | None],
    marks: dict[str, Decimal],
    needed: int,
    found: Agreement,
) -> None:
    readings = Readings(hands, rulings, marks)
    assert readings.agreement("A", needed) is found
    blocks = found in {Agreement.CLERKS_DIFFER, Agreement.SCREEN_DIFFERS}
    assert readings.differing(["A"], needed) == (["A"] if blocks else [])


def rows(*heights: float) -> list[tuple[float, bool]]:
    return [(abs(height), height < 0) for height in heights]


@pytest.mark.parametrize(
    ("heights", "pages"),
    [
        ((), [(0, 0)]),
        ((4, 4), [(0, 2)]),
        ((4, 4, 4), [(0, 2), (2, 3)]),
        ((4, -2, 6), [(0, 1), (1, 3)]),  # no heading at the end of a page
        ((5, 4), [(0, 1), (1, 2)]),  # the signatures need the room of the last page
        ((30, 1), [(0, 1), (1, 2)]),
        ((30,), [(0, 1)]),
    ],
)
def test_rows_fall_on_pages(heights: tuple[float, ...], pages: list[tuple[int, int]]) -> None:
    assert paginate(rows(*heights), room=10, last=8) == pages


def test_no_row_is_lost_or_doubled() -> None:
    for count in range(60):
        found = paginate(rows(*[3 if n % 5 else -2 for n in range(count)]), room=20, last=12)
        kept = [n for start, end in found for n in range(start, end)]
        assert kept == list(range(count))
