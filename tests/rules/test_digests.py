"""Rules stored before the format grew keep the digest that they were frozen with."""

from decimal import Decimal

from rules.data import RuleData, later
from rules.plans import EditionRules, default_event_plan, default_scheme
from rules.schemes import Panel


def test_the_digests_of_the_first_version_still_hold():
    assert default_scheme().digest() == (
        "8e665a643acc185117e63a8aefeba9fa09bff2d8303d1a401e5aec6cd529d527"
    )
    assert default_event_plan().digest() == (
        "5767131e85cf390bba2aea66fc9b83cc59b272826228ebe9ccb2e1d370e6f61c"
    )
    assert EditionRules().digest() == (
        "c1b187343b3de2cd6bdb0cc57b4a952f771423632f4f14d13d7926dc2a47ee34"
    )


def test_a_later_field_counts_as_soon_as_it_says_something():
    panel = Panel(judges=3, minimum=3)
    assert panel.digest() == panel.model_copy(update={"combine": "mean"}).digest()
    assert panel.digest() != panel.model_copy(update={"combine": "median"}).digest()


def test_a_later_field_at_its_default_is_left_out_however_it_is_written():
    class Old(RuleData):
        a: int = 1

    class New(RuleData):
        a: int = 1
        b: Decimal = later(Decimal(2))

    assert Old().digest() == New().digest() == New(b=Decimal("2.00")).digest()
    assert Old().digest() != New(b=Decimal(3)).digest()


def test_a_changed_copy_forgets_what_was_worked_out_for_the_original():
    scheme = default_scheme()
    assert scheme.levels[0][0].combine == "percent"
    assert scheme.part("theory").maximum == 100
    changed = scheme.model_copy(update={"parts": scheme.parts[1:], "combine": "sum"})
    assert changed.levels[0][0].combine == "sum"
    assert [part.key for part in changed.levels[0][1]] == ["practical"]
    assert scheme.levels[0][0].combine == "percent"
