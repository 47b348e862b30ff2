"""Forms of designs: the whole look of a certificate as fields, with and without a script."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FloatField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
)
from wtforms.widgets import ColorInput, NumberInput

from blueprints.forms import ActForm, VersionedForm, one_line, options
from blueprints.labels import label
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import (
    COLOUR,
    MOST_LINES,
    MOST_TEXTS,
    Anchor,
    Border,
    Fit,
    Sealing,
    Typeface,
)

MOST_PARTS = 8
CHOSEN = (Typeface.KAI, Typeface.KAI_BOLD, Typeface.SONG, Typeface.SONG_BOLD, Typeface.HEI)
_ALIGNS = (
    ("left", lazy_gettext("Left")),
    ("center", lazy_gettext("Centred")),
    ("right", lazy_gettext("Right")),
)
_ROLES = (("P", lazy_gettext("Paragraph")), ("H1", lazy_gettext("Heading")))
_LANGUAGES = (("", lazy_gettext("Chinese")), ("en", lazy_gettext("English")))


def _length(text: Any, most: float = 420, least: float = 0) -> FloatField:
    return FloatField(
        text,
        validators=[InputRequired(), NumberRange(least, most)],
        widget=NumberInput(min=least, max=most, step="any"),
    )


def _colour(text: Any) -> StringField:
    return StringField(text, validators=[DataRequired(), Regexp(COLOUR)], widget=ColorInput())


class _Part(FlaskForm):
    class Meta:
        csrf = False


class WordsForm(_Part):
    """Some words of a text, in a hand of their own where they have one."""

    text = TextAreaField(lazy_gettext("Words"), validators=[Length(max=400)])
    typeface = SelectField(lazy_gettext("Font of these words"))
    colour = StringField(
        lazy_gettext("Colour of these words"),
        validators=[Optional(), Regexp(COLOUR, message=lazy_gettext("Such as #a3211f."))],
    )
    whole = BooleanField(lazy_gettext("Keep on one line"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typeface.choices = options([("", lazy_gettext("As the text"))])
        self.typeface.choices += options((one.value, label(one)) for one in CHOSEN)

    def plain(self) -> dict[str, Any]:
        """Return the words as a layout holds them."""
        return {
            "text": (self.text.data or "").replace("\r\n", "\n"),
            "typeface": self.typeface.data or None,
            "colour": self.colour.data or None,
            "whole": bool(self.whole.data),
        }


_TEXT = ("role", "typeface", "size", "least", "leading", "spacing", "indent", "align", "anchor")
_MORE = ("fit", "most_lines", "colour", "language")


class TextForm(_Part):
    """One text in its box."""

    key = HiddenField()
    x = _length(lazy_gettext("From the left"))
    y = _length(lazy_gettext("From the top"))
    width = _length(lazy_gettext("Width"), least=1)
    height = _length(lazy_gettext("Height"), least=1)
    parts = FieldList(FormField(WordsForm), min_entries=1, max_entries=MOST_PARTS)
    typeface = SelectField(lazy_gettext("Font"))
    size = _length(lazy_gettext("Size in points"), 200, 4)
    least = _length(lazy_gettext("Least size"), 200, 4)
    colour = _colour(lazy_gettext("Colour"))
    align = SelectField(lazy_gettext("Alignment"), choices=options(_ALIGNS))
    anchor = SelectField(lazy_gettext("In the box"))
    fit = SelectField(lazy_gettext("When it is too long"))
    most_lines = IntegerField(
        lazy_gettext("Most lines"),
        validators=[InputRequired(), NumberRange(1, 40)],
        widget=NumberInput(min=1, max=40),
    )
    leading = _length(lazy_gettext("Line height"), 3, 1)
    spacing = _length(lazy_gettext("Letter spacing"), 2)
    indent = _length(lazy_gettext("Indent of the first line"), 10)
    role = SelectField(lazy_gettext("Read aloud as"), choices=options(_ROLES))
    language = SelectField(lazy_gettext("Language"), choices=options(_LANGUAGES))
    remove = BooleanField(lazy_gettext("Remove this text"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typeface.choices = options((one.value, label(one)) for one in CHOSEN)
        self.anchor.choices = options((one.value, label(one)) for one in Anchor)
        self.fit.choices = options((one.value, label(one)) for one in Fit)

    def plain(self) -> dict[str, Any]:
        """Return the text as a layout holds it; words that were emptied are gone."""
        parts = [one.form.plain() for one in self.parts]
        values = {name: self[name].data for name in (*_TEXT, *_MORE)}
        kept = [one for one in parts if one["text"]]
        return {"key": self.key.data, "box": box_of(self), "parts": kept, **values}


class LineForm(_Part):
    """A drawn line."""

    x1 = _length(lazy_gettext("From the left"))
    y1 = _length(lazy_gettext("From the top"))
    x2 = _length(lazy_gettext("To, from the left"))
    y2 = _length(lazy_gettext("To, from the top"))
    width = _length(lazy_gettext("Thickness"), 5, 0.05)
    colour = _colour(lazy_gettext("Colour"))
    remove = BooleanField(lazy_gettext("Remove this line"))

    def plain(self) -> dict[str, Any]:
        """Return the line as a layout holds it."""
        values = {name: rounded(self[name].data) for name in ("x1", "y1", "x2", "y2", "width")}
        return {**values, "colour": self.colour.data}


class BoxForm(_Part):
    """The place of the seal or of the code."""

    used = BooleanField(lazy_gettext("Has a place on the paper"))
    x = _length(lazy_gettext("From the left"))
    y = _length(lazy_gettext("From the top"))
    width = _length(lazy_gettext("Width"), least=5)
    height = _length(lazy_gettext("Height"), least=5)


_WHOLE = ("title", "paper", "border", "border_colour", "second_colour", "ground")


class DesignForm(VersionedForm):
    """The whole look of a certificate."""

    title = StringField(
        lazy_gettext("Name of the design"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=60)],
    )
    kind = SelectField(lazy_gettext("Kind of paper"), coerce=CertificateKind)
    paper = SelectField(
        lazy_gettext("Size of the paper"), choices=options([("A4", "A4"), ("A3", "A3")])
    )
    turned = SelectField(
        lazy_gettext("Paper stands"),
        choices=options([("across", lazy_gettext("Across")), ("upright", lazy_gettext("Upright"))]),
    )
    border = SelectField(lazy_gettext("Border"))
    border_colour = _colour(lazy_gettext("Colour of the border"))
    second_colour = _colour(lazy_gettext("Second colour"))
    ground = _colour(lazy_gettext("Colour of the paper"))
    emblem = BooleanField(lazy_gettext("Emblem at the top"))
    rosette = BooleanField(lazy_gettext("Rosette in the middle"))
    background_sha256 = HiddenField(validators=[Optional(), Regexp(r"^[0-9a-f]{64}$")])
    background_width = HiddenField(validators=[Optional(), Regexp(r"^[0-9]{1,5}$")])
    background_height = HiddenField(validators=[Optional(), Regexp(r"^[0-9]{1,5}$")])
    no_background = BooleanField(lazy_gettext("Take the background away"))
    picture = FileField(
        lazy_gettext("Background picture (PNG or JPEG)"),
        description=lazy_gettext("It covers the whole paper. At least 150 dots an inch."),
    )
    texts = FieldList(FormField(TextForm), max_entries=MOST_TEXTS)
    lines = FieldList(FormField(LineForm), max_entries=MOST_LINES)
    seal = FormField(BoxForm, label=lazy_gettext("Seal"))
    sealing = RadioField(lazy_gettext("The seal is"))
    seal_body = StringField(
        lazy_gettext("Whose seal"),
        filters=[one_line],
        validators=[Length(max=60)],
        description=lazy_gettext("Empty: that of the first body that issues the paper."),
    )
    code = FormField(BoxForm, label=lazy_gettext("QR code"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = kind_options()
        self.border.choices = options((one.value, label(one)) for one in Border)
        self.sealing.choices = options((one.value, label(one)) for one in Sealing)

    def plain(self) -> dict[str, Any]:
        """Return the look as a layout holds it, without what is to be removed."""
        texts = [one.form.plain() for one in self.texts if not one.form.remove.data]
        lines = [one.form.plain() for one in self.lines if not one.form.remove.data]
        return {
            **{name: self[name].data for name in _WHOLE},
            "landscape": self.turned.data == "across",
            "emblem": bool(self.emblem.data),
            "rosette": bool(self.rosette.data),
            "background": self._background(),
            "texts": [one for one in texts if one["parts"]],
            "lines": lines,
            "seal": box_of(self.seal.form) if self.seal.form.used.data else None,
            "code": box_of(self.code.form) if self.code.form.used.data else None,
            "sealing": self.sealing.data,
            "seal_body": self.seal_body.data or "",
        }

    def _background(self) -> dict[str, Any] | None:
        if self.no_background.data or not self.background_sha256.data:
            return None
        return {
            "sha256": self.background_sha256.data,
            "width": int(self.background_width.data or 0),
            "height": int(self.background_height.data or 0),
        }


class NewDesignForm(ActForm):
    """What a new design is called, and what it begins as."""

    title = StringField(
        lazy_gettext("Name of the design"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=60)],
    )
    kind = SelectField(lazy_gettext("Kind of paper"), coerce=CertificateKind)
    source = SelectField(lazy_gettext("Begins as a copy of"))


class NoteForm(ActForm):
    """What changed, or why."""

    note = StringField(
        lazy_gettext("What has changed"), filters=[one_line], validators=[Length(max=200)]
    )


class SealForm(ActForm):
    """The picture of a seal."""

    body = StringField(
        lazy_gettext("Whose seal"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=60)],
        description=lazy_gettext("The full name, as it stands among the issuing bodies."),
    )
    file = FileField(
        lazy_gettext("Picture of the seal (PNG)"),
        validators=[FileRequired()],
        description=lazy_gettext("With a transparent ground, at most 2,000 pixels a side."),
    )
    valid_from = DateField(lazy_gettext("Valid from"), validators=[InputRequired()])
    valid_until = DateField(
        lazy_gettext("Valid until"),
        validators=[Optional()],
        description=lazy_gettext("Empty: until it is withdrawn."),
    )


class WithdrawForm(ActForm):
    """Why a seal is withdrawn."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


def kind_options() -> list[Any]:
    """Offer the kinds of paper that a design can be for."""
    return options((one.value, label(one)) for one in CertificateKind)


def rounded(value: float | None) -> float | None:
    """Round a length to hundredths of a millimetre."""
    return None if value is None else round(value, 2)


def box_of(form: Any) -> dict[str, Any]:
    """Return the place that a form holds."""
    return {name: rounded(form[name].data) for name in ("x", "y", "width", "height")}


def form_values(draft: Any, kind: str, version: int) -> dict[str, Any]:
    """Return a draft as its form shows it."""
    background = draft.background
    return {
        **{name: getattr(draft, name) for name in (*_WHOLE, "emblem", "rosette", "seal_body")},
        "border": draft.border.value,
        "sealing": draft.sealing.value,
        "kind": kind,
        "version": version,
        "turned": "across" if draft.landscape else "upright",
        "background_sha256": background.sha256 if background else "",
        "background_width": background.width if background else "",
        "background_height": background.height if background else "",
        "texts": [_text_values(one) for one in draft.texts],
        "lines": [one.model_dump(mode="json") for one in draft.lines],
        "seal": _place(draft.seal, draft, 42),
        "code": _place(draft.code, draft, 24),
    }


def _text_values(text: Any) -> dict[str, Any]:
    values = text.model_dump(mode="json")
    parts = [{**one, "typeface": one["typeface"] or ""} for one in values["parts"]]
    return {**values, **values["box"], "parts": parts}


def _place(box: Any, draft: Any, side: float) -> dict[str, Any]:
    if box is not None:
        return {"used": True, **box.model_dump()}
    middle = {"x": (draft.width - side) / 2, "y": draft.height - side - 30}
    return {"used": False, **middle, "width": side, "height": side}
