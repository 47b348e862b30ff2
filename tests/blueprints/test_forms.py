"""What all forms have in common."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import DataRequired, InputRequired

import blueprints
from blueprints.forms import ActForm, one_line, tidy


def all_forms() -> list[type[FlaskForm]]:
    """Return every form that the pages have."""
    for module in pkgutil.walk_packages(blueprints.__path__, "blueprints."):
        importlib.import_module(module.name)

    def below(kind: type[FlaskForm]) -> Iterator[type[FlaskForm]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    return sorted(
        {one for one in below(FlaskForm) if one.__module__.startswith("blueprints.")},
        key=lambda one: (one.__module__, one.__name__),
    )


def validators_of(form: type[FlaskForm]) -> Iterator[tuple[str, type[Field], list[object]]]:
    for name in dir(form):
        unbound = getattr(form, name, None)
        kind = getattr(unbound, "field_class", None)
        if kind is not None:
            args = unbound.args[1:2] or (unbound.kwargs.get("validators") or [],)
            yield name, kind, list(args[0] or [])


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.__name__)
def test_blanks_are_no_text_and_zero_is_a_number(form: type[FlaskForm]) -> None:
    for name, kind, validators in validators_of(form):
        if issubclass(kind, StringField):
            assert not any(isinstance(one, InputRequired) for one in validators), name
        else:
            assert not any(type(one) is DataRequired for one in validators), name


def test_the_check_sees_validators() -> None:
    forms = {form.__name__: form for form in all_forms()}
    found = {name: rules for name, _, rules in validators_of(forms["EmployerForm"])}
    assert any(isinstance(one, DataRequired) for one in found["title"])
    assert issubclass(forms["EmployerForm"], ActForm)


def test_a_name_of_blanks_is_refused(app: Flask) -> None:
    form = next(one for one in all_forms() if one.__name__ == "EmployerForm")
    with app.test_request_context("/", method="POST", data={"title": " 　 "}):
        typed = form()
        assert not typed.validate() and typed.title.errors


def test_full_width_brackets_stay_in_names_and_leave_codes() -> None:
    assert one_line(" 宏达　（集团）  公司，慈溪 ") == "宏达 （集团） 公司，慈溪"
    assert tidy(" ＣＸ２０２６（１） ") == "CX2026(1)"
    assert one_line(None) is None
