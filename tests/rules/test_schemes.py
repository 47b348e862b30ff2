"""Marking schemes hold together, or say all at once why they do not."""

import json
from decimal import Decimal

import pytest
from pydantic import ValidationError

from rules.data import InvalidRules, plain
from rules.plans import default_scheme
from rules.schemes import Aspect, AspectKind, Panel, Part, Scheme, Section, read_scheme


def part(key="practical", weight="100", aspects=None, **settings):
    aspects = aspects or (Aspect(key=f"{key}-1", title="Work", maximum=Decimal(100)),)
    section = Section(key=key, title="Criterion", aspects=tuple(aspects))
    return Part(key=key, title=key, weight=Decimal(weight), sections=(section,), **settings)


def problems(*parts):
    with pytest.raises(InvalidRules) as refused:
        Scheme(title="Fitter", parts=parts)
    return [str(problem) for problem in refused.value.problems]


def test_a_scheme_finds_its_parts_and_aspects_by_key():
    scheme = Scheme(title="Fitter", parts=(part("theory", "20"), part("practical", "80")))
    assert scheme.part("theory").weight == 20
    assert scheme.part("practical").aspect("practical-1").maximum == 100


def test_aspects_of_nested_sections_come_in_the_order_of_the_sheet():
    def aspect(key):
        return Aspect(key=key, title=key, maximum=Decimal(10))

    inner = Section(key="A2", title="A2", aspects=(aspect("b"), aspect("c")))
    outer = Section(key="A", title="A", sections=(inner,), aspects=(aspect("a"),))
    last = Section(key="B", title="B", aspects=(aspect("d"),))
    practical = Part(key="p", title="p", weight=Decimal(100), sections=(outer, last))
    assert [found.key for found in practical.aspects] == ["a", "b", "c", "d"]
    assert practical.maximum == 40


def test_weights_that_do_not_add_up_to_100_are_refused():
    assert problems(part("theory", "20"), part("practical", "70")) == [
        "The weights of the parts add up to 90, not to 100."
    ]


def test_every_problem_is_reported_at_once():
    judged = Aspect(key="a", title="Finish", kind=AspectKind.JUDGEMENT, maximum=Decimal(5))
    coarse = Aspect(key="a", title="Size", maximum=Decimal("1.2"), step=Decimal("0.5"))
    empty = Aspect(key="b", title="Nothing", maximum=Decimal(0))
    found = problems(part("p", "90", aspects=(judged, coarse, empty)))
    assert found == [
        "The weights of the parts add up to 90, not to 100.",
        "The key a is used more than once.",
        "Finish needs four descriptions, one for each of 0, 1, 2 and 3.",
        "The highest mark of Size (1.2) is not a multiple of 0.5.",
        "The highest mark of Nothing must be above 0.",
    ]


@pytest.mark.parametrize(
    ("panel", "sentence"),
    [
        (Panel(judges=2, minimum=2, drop_high=1, drop_low=1), "none may be left"),
        (Panel(judges=3, minimum=4), "at most 3 judges"),
        (Panel(judges=3, minimum=0), "at least 1"),
        (Panel(judges=5, minimum=5, drop_low=-1), "fewer than 0"),
        (Panel(max_spread=Decimal(0)), "largest spread"),
    ],
)
def test_a_panel_that_cannot_work_is_refused(panel, sentence):
    assert any(sentence in problem for problem in problems(part(panel=panel)))


def test_a_step_of_zero_is_refused_without_a_crash():
    bad = Aspect(key="a", title="Size", maximum=Decimal(1), step=Decimal(0))
    assert problems(part(aspects=(bad,))) == [
        "The highest mark of Size (1) is not a multiple of 0."
    ]


def test_a_pass_mark_above_100_and_a_weight_of_zero_are_refused():
    found = problems(part("a", "100", pass_mark=Decimal(101)), part("b", "0"))
    assert found == [
        "The pass mark of a must lie between 0 and 100.",
        "The weight of b must be above 0.",
    ]


def test_a_part_without_aspects_is_refused():
    bare = Part(key="p", title="Theory", weight=Decimal(100), sections=())
    assert problems(bare) == ["Theory has nothing to mark."]


def test_a_field_that_is_not_known_is_an_error():
    with pytest.raises(ValidationError):
        Panel.model_validate({"judges": 3, "drop_highest": 1})


def test_rule_data_cannot_be_changed():
    with pytest.raises(ValidationError):
        part().weight = Decimal(5)


def test_the_digest_does_not_depend_on_how_numbers_are_written():
    one = Scheme(title="Fitter", parts=(part(weight="100"),))
    same = Scheme(title="Fitter", parts=(part(weight="100.00"),))
    other = Scheme(title="Fitter", parts=(part(weight="100"),), digits=3)
    assert one.digest() == same.digest() != other.digest()


def test_a_scheme_survives_being_stored_as_json():
    scheme = Scheme(title="钳工", parts=(part("theory", "20"), part("practical", "80")))
    again = Scheme.model_validate_json(scheme.model_dump_json())
    assert again == scheme
    assert again.digest() == scheme.digest()


@pytest.mark.parametrize(
    ("value", "text"), [("10", "10"), ("0.50", "0.5"), ("1E+2", "100"), ("-0", "0"), ("0.00", "0")]
)
def test_plain_numbers_have_no_exponent_and_no_spare_zeros(value, text):
    assert plain(Decimal(value)) == text


def test_lowest_marks_and_awards_fit_each_other():
    below = Aspect(key="a", title="Fall", maximum=Decimal(0), minimum=Decimal(-5))
    assert Scheme(title="", combine="sum", parts=(part(aspects=[below]),))
    upside = below.model_copy(update={"minimum": Decimal(1)})
    assert "The lowest mark of Fall must lie below its highest." in problems(part(aspects=[upside]))
    choice = Aspect.model_validate(
        {
            "key": "a", "title": "Fall", "kind": "choice", "maximum": 0, "minimum": -5,
            "options": [{"label": "hand", "award": -1}, {"label": "out", "award": -6}],
        }
    )  # fmt: skip
    (problem, _) = problems(part(aspects=[choice]))
    assert problem == "An award of Fall lies outside -5 and its highest mark."


def test_percents_of_nothing_are_refused():
    work = Aspect(key="a", title="Work", maximum=Decimal(10))
    (problem,) = problems(part(aspects=[work], offset=Decimal(-10)))
    assert problem == "practical counts in percent, but its highest value is not above 0."
    good, bad = (
        work.model_copy(update={"key": key, "weight": Decimal(50), "offset": Decimal(offset)})
        for key, offset in (("a", 0), ("b", -11))
    )
    section = Section(key="s", title="S", aspects=(good, bad), combine="percent")
    whole = Part(key="p", title="P", weight=Decimal(100), sections=(section,))
    (problem,) = problems(whole)
    assert problem == "Work counts in percent, but its highest value is not above 0."


@pytest.mark.parametrize("key", ["", " a", "a "])
def test_a_key_that_no_file_could_name_is_refused(key):
    work = Aspect(key=key, title="Work", maximum=Decimal(10))
    assert any("A key has at least one sign" in one for one in problems(part(aspects=[work])))


def test_a_scheme_that_was_read_before_is_known_by_its_content():
    stored = default_scheme().model_dump(mode="json")
    again = json.loads(json.dumps(stored))
    assert read_scheme(stored) is read_scheme(again)
    again["title"] = "Another"
    assert read_scheme(again).title == "Another"
    assert read_scheme(stored) == Scheme.model_validate(stored)
