"""The five programmes that ship are valid rules, and data alone."""

import pytest

from rules.selection_copies import moved_by_years
from rules.selection_programmes import shipped_programmes
from rules.selection_rounds import RoundRules
from rules.selections import Channel

CODES = ("SLMJ", "SMXJSNS", "GJNCJJ", "SXJS", "TJJS")


@pytest.mark.parametrize("code", CODES)
def test_a_shipped_programme_is_valid_in_any_year_and_as_stored(code: str) -> None:
    one = shipped_programmes()[code]
    for year in (2024, 2026, 2040):
        rules = one.rules_for(year)
        assert rules.opens_at.year == rules.closes_at.year == rules.counts_on.year == year
        assert RoundRules.model_validate_json(rules.model_dump_json()) == rules
        assert {step.channels == () or set(step.channels) <= set(Channel) for step in rules.chain}
    assert len(one.title) <= 25


def test_the_figures_of_the_rulebook_stand_in_the_data() -> None:
    found = shipped_programmes()
    assert set(found) == set(CODES)
    masters = found["SLMJ"].rules
    assert [(t.places, int(t.amount)) for t in masters.tiers] == [(2, 20000), (3, 10000), (7, 5000)]
    experts = found["SMXJSNS"]
    assert (experts.cycle_years, int(experts.rules.tiers[0].amount)) == (2, 3000)
    floors = {quota.key: quota.at_least for quota in experts.rules.quotas}
    assert floors == {"front_line": "80 %", "young": "50 %"}
    award = found["GJNCJJ"]
    assert (award.cycle_years, award.most_people) == (3, 5)
    windows = {
        (c.level, c.rank, c.within_years)
        for route in award.rules.eligibility.routes
        for c in route.all_of
        if c.kind == "placed"
    }
    assert windows == {("national", 6, 5), ("province", 3, 3)}
    (senior,) = found["SXJS"].rules.eligibility.basics[3].all_of
    assert (senior.kind, getattr(senior, "programme", "")) == ("holds", "TJJS")


def test_dates_move_by_years_even_from_a_leap_day() -> None:
    rules = shipped_programmes()["SLMJ"].rules_for(2028)
    leap = rules.model_copy(
        update={"opens_at": rules.opens_at.replace(month=2, day=29), "counts_on": rules.counts_on}
    )
    moved = moved_by_years(leap, 1)
    assert (moved.opens_at.month, moved.opens_at.day) == (2, 28)
    assert moved_by_years(leap, 4).opens_at.day == 29
    assert moved.eligibility == leap.eligibility
