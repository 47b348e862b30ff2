"""Where certificates lie on sheets, and in which order."""

from hypothesis import given
from hypothesis import strategies as st

from rules.certificate_prints import POINTS, SRA3, Plan, PrintSheet, crop_marks, plan_for, sheets

A4 = (210 * POINTS, 297 * POINTS)


def inside(plan: Plan, width: float, height: float) -> bool:
    """Whether papers lie on their sheet, and none on another."""
    for one in plan.spots:
        if one.x < 0 or one.y < 0 or one.x + width > plan.width or one.y + height > plan.height:
            return False
    spots = list(plan.spots)
    return all(
        abs(a.x - b.x) >= width - 0.01 or abs(a.y - b.y) >= height - 0.01
        for place, a in enumerate(spots)
        for b in spots[place + 1 :]
    )


def test_two_a4_lie_on_a_sheet_whichever_way_they_are() -> None:
    for width, height, size in ((*A4, SRA3), (A4[1], A4[0], SRA3[::-1])):
        plan = plan_for(PrintSheet.TWO_UP, width, height)
        assert (plan.width, plan.height) == size and len(plan.spots) == 2
        assert inside(plan, width, height)
        # centred, so that a sheet that is turned over meets itself
        assert abs(min(s.x for s in plan.spots) * 2 + size[0] - plan.width) < size[0]
        left, right = min(s.x for s in plan.spots), max(s.x for s in plan.spots) + width
        assert abs(left - (plan.width - right)) < 0.01


def test_an_a3_has_a_sheet_of_its_own() -> None:
    for width, height in ((420 * POINTS, 297 * POINTS), (297 * POINTS, 420 * POINTS)):
        plan = plan_for(PrintSheet.TWO_UP, width, height)
        assert len(plan.spots) == 1 and inside(plan, width, height)
    assert plan_for(PrintSheet.SINGLE, 100, 50) == Plan(100, 50, ((0, 0),))  # type: ignore[arg-type]


def test_crop_marks_touch_no_paper() -> None:
    for width, height in (A4, A4[::-1]):
        plan = plan_for(PrintSheet.TWO_UP, width, height)
        marks = list(crop_marks(plan, width, height))
        assert len(marks) >= 10
        for x1, y1, x2, y2 in marks:
            assert min(x1, x2) >= 0 and max(x1, x2) <= plan.width
            assert min(y1, y2) >= 0 and max(y1, y2) <= plan.height
            for spot in plan.spots:
                beside = max(x1, x2) < spot.x or min(x1, x2) > spot.x + width
                above = max(y1, y2) < spot.y or min(y1, y2) > spot.y + height
                assert beside or above


@given(st.integers(0, 60), st.integers(1, 4))
def test_cut_piles_on_one_another_are_in_order(count: int, places: int) -> None:
    laid = list(sheets(count, places))
    piles = [one for pile in zip(*laid, strict=True) for one in pile]
    assert [one for one in piles if one is not None] == list(range(count))
    assert len(laid) == -(-count // places)
