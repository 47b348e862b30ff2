"""Layouts of certificates: closed data that holds together."""

from typing import Any

import pytest
from pydantic import ValidationError

from rules.certificate_borders import drawing
from rules.certificate_designs import A4_LANDSCAPE, DESIGNS, Design
from rules.certificate_layouts import Box, CertificateLayout, Part, filled
from rules.data import InvalidRules


def _changed(**changes: Any) -> CertificateLayout:
    data = A4_LANDSCAPE.model_dump(mode="json")
    of = changes.pop("of", "date")
    text = next(one for one in data["texts"] if one["key"] == of)
    for name in list(changes):
        if name in text:
            text[name] = changes.pop(name)
    return CertificateLayout.model_validate(data | changes)


def test_every_design_has_a_layout_that_comes_back_as_it_was_stored() -> None:
    assert set(DESIGNS) == set(Design)
    for layout in DESIGNS.values():
        again = CertificateLayout.model_validate(layout.model_dump(mode="json"))
        assert again == layout and again.digest() == layout.digest()
    assert len({layout.digest() for layout in DESIGNS.values()}) == len(Design)


def test_papers_have_their_sizes() -> None:
    sizes = {design: (DESIGNS[design].width, DESIGNS[design].height) for design in Design}
    assert sizes[Design.A4_LANDSCAPE] == sizes[Design.A4_BILINGUAL] == (297, 210)
    assert sizes[Design.A3_PORTRAIT] == (297, 420)


def test_the_whole_look_is_drawn_without_outside_files() -> None:
    for layout in DESIGNS.values():
        drawn = drawing(layout)
        assert "href" not in drawn and "url(" not in drawn and "<image" not in drawn
        assert f'viewBox="0 0 {layout.width:g} {layout.height:g}"' in drawn
        assert drawn.count(layout.second_colour) > 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"parts": [{"text": "{name.__class__}"}]}, "no field name.__class__"),
        ({"parts": [{"text": "{secret}"}]}, "no field secret"),
        ({"parts": [{"text": "{{ date }}"}]}, "no partner"),
        ({"parts": [{"text": "{date"}]}, "no partner"),
        ({"of": "name", "parts": [{"text": "x"}]}, "must show the field name"),
        ({"box": {"x": 250, "y": 169, "width": 96, "height": 9}}, "beyond the paper"),
        ({"box": {"x": 42, "y": 91, "width": 96, "height": 9}}, "same ground"),
        ({"key": "issuers"}, "there twice"),
        ({"least": 30}, "larger than its size"),
        ({"seal": {"x": 290, "y": 10, "width": 42, "height": 42}}, "beyond the paper"),
        ({"code": {"x": 42, "y": 75, "width": 24, "height": 24}}, "same ground"),
    ],
)
def test_what_does_not_hold_together_is_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidRules, match=problem):
        _changed(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
        {"colour": "#fff;}"},
        {"paper": "A5"},
        {"size": 1},
        {"script": "x"},
        {"border": "https://example.org/x.svg"},
    ],
)
def test_what_no_layout_can_hold_is_an_error(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _changed(**changes)


def test_a_value_is_never_read_for_fields() -> None:
    part = Part(text="{name}，{award}")
    assert filled(part, {"name": "{award}", "award": "一等奖"}) == "{award}，一等奖"


def test_boxes_side_by_side_do_not_meet() -> None:
    box = Box(x=10, y=10, width=10, height=10)
    assert not box.meets(Box(x=20, y=10, width=5, height=5))
    assert not box.meets(Box(x=10, y=20, width=5, height=5))
    assert box.meets(Box(x=19, y=19, width=5, height=5))
