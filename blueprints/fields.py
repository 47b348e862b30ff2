"""Number fields that take what people type: full-width digits, separators, nothing exotic."""

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import DecimalField, Field, IntegerField
from wtforms.widgets import TextInput

from blueprints.forms import one_line as one_line
from blueprints.forms import tidy
from rules.data import plain


class RowForm(FlaskForm):
    """One row of a form: said in the reader's language, without a token of its own."""

    class Meta:
        csrf = False


_EXACT = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,10})?")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_BETWEEN = re.compile(r"[,;、\s]+")


def _typed(valuelist: list[Any]) -> str:
    text: str = tidy(valuelist[0]) if valuelist else ""
    return text.replace(",", "").replace(" ", "")


class ExactField(DecimalField):
    """A decimal number, kept exactly; an empty field is None."""

    widget = TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        self.data = None
        text = _typed(valuelist)
        if text and not _EXACT.fullmatch(text):
            raise ValueError(gettext("Type a number, such as 60 or 0.5."))
        self.data = Decimal(text) if text else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else plain(Decimal(self.data))


class WholeField(IntegerField):
    """A whole number; an empty field is None."""

    widget = TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        self.data = None
        text = _typed(valuelist)
        if text and not _WHOLE.fullmatch(text):
            raise ValueError(gettext("Type a whole number."))
        self.data = int(text) if text else None


class NumbersField(Field):
    """Several exact numbers in one line, such as 12, 10, 8; an empty field holds none."""

    widget = TextInput()
    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"autocomplete": "off"})
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        self.data = ()
        texts = _BETWEEN.split(tidy(valuelist[0]).strip()) if valuelist else []
        texts = [text for text in texts if text]
        if not all(_EXACT.fullmatch(text) for text in texts):
            raise ValueError(gettext("Type numbers with commas between them, such as 12, 10, 8."))
        self.data = tuple(Decimal(text) for text in texts)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(plain(number) for number in self.data or ())
