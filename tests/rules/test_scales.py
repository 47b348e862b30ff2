"""Standard scales: exact to the last point, whatever the order of the rows."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from rules.scales import median, scale_scores


def test_the_500_scale_puts_the_mean_at_500_and_one_deviation_at_30():
    # mean 5, population deviation 2
    assert scale_scores("500", [D(2), D(4), D(4), D(4), D(5), D(5), D(7), D(9)]) == [
        455,
        485,
        485,
        485,
        500,
        500,
        530,
        560,
    ]


def test_a_deviation_that_has_no_exact_root_is_still_rounded_exactly():
    # mean 1, variance 2/3: 30 / sqrt(2/3) = 36.74
    assert scale_scores("500", [D(0), D(1), D(2)]) == [463, 500, 537]


def test_half_a_point_goes_up_on_both_sides_of_the_middle():
    # deviation 4, so one mark is 7.5 points
    distances = (1, 7, 5, 2, 1, -1, -7, -5, -2, -1)
    found = scale_scores("500", [D(10 + distance) for distance in distances])
    assert found == [508, 553, 538, 515, 508, 493, 448, 463, 485, 493]


def test_the_700_scale_goes_by_the_median_and_its_deviations():
    # median 60, median deviation 10: one mark is 30 / 14.826 points
    assert scale_scores("700", [D(40), D(50), D(60), D(70), D(90)]) == [660, 680, 700, 720, 761]


@pytest.mark.parametrize(("scale", "middle"), [("500", 500), ("700", 700)])
def test_without_a_spread_everybody_stands_in_the_middle(scale, middle):
    assert scale_scores(scale, []) == []
    assert scale_scores(scale, [D(8)]) == [middle]
    assert scale_scores(scale, [D(8), D(8), D(8)]) == [middle] * 3


def test_a_median_deviation_of_zero_gives_700_to_all():
    assert scale_scores("700", [D(5), D(5), D(5), D(9)]) == [700] * 4


def test_the_median_of_an_even_number_lies_between_the_middle_ones():
    assert median([F(4), F(1), F(2), F(9)]) == 3
