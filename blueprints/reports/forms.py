"""Forms of questions, typed figures, freezing and replies."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.fields import ExactField, WholeField
from blueprints.forms import ActForm, one_line, strip
from blueprints.labels import LABELS, label, level_title
from rules.figure_replies import LONGEST_TEXT
from rules.figure_words import ENUMS, SKILL_LEVELS
from rules.figures import (
    KNOWN,
    SPAN_PARTS,
    Bound,
    Counted,
    Part,
    Question,
    Sex,
    Source,
    Typed,
    TypedPart,
)
from services.reports_figures import Note
from services.reports_replies import Facts

_EITHER = {"": None, "yes": True, "no": False}


def named(value: Any) -> str:
    """Say a coded value; one that has no name yet as it is stored."""
    return label(value) if (type(value), value) in LABELS else str(value.value)


class Checkboxes(SelectMultipleField):
    """Several choices as a list of boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Lines(TextAreaField):
    """Several values, one a line."""

    def values(self) -> tuple[str, ...]:
        """Return the values that were typed, each once."""
        lines = [one_line(line) for line in (self.data or "").splitlines()]
        return tuple(dict.fromkeys(line for line in lines if line))


def _title() -> StringField:
    return StringField(
        lazy_gettext("Name of the figure"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=120)],
        description=lazy_gettext("As it stands in a sentence before the number."),
    )


def _unit() -> StringField:
    return StringField(
        lazy_gettext("Unit"), filters=[one_line], validators=[DataRequired(), Length(max=20)]
    )


def _day(text: str, description: str = "") -> DateField:
    return DateField(text, validators=[Optional()], description=description)


class NotedForm(ActForm):
    """What goes with every figure."""

    note = StringField(lazy_gettext("Note"), filters=[one_line], validators=[Length(max=400)])
    shared = BooleanField(lazy_gettext("Shared with all colleagues"))

    def noted(self) -> Note:
        """Return it."""
        return Note(self.note.data or "", bool(self.shared.data))


class QuestionForm(NotedForm):
    """A question to one register; what that does not know is not asked for."""

    title = _title()
    unit = _unit()
    counted = SelectField(lazy_gettext("Counted"))
    from_year = WholeField(lazy_gettext("From year"))
    to_year = WholeField(lazy_gettext("To year"))
    from_on = _day(lazy_gettext("From day"))
    to_on = _day(lazy_gettext("To day"))
    from_age = WholeField(lazy_gettext("From age"))
    to_age = WholeField(lazy_gettext("To age"))
    company = SelectField(lazy_gettext("Company staff"))
    splits = Checkboxes(
        lazy_gettext("Of which"),
        description=lazy_gettext("The first one stands in the sentence."),
    )
    as_of = _day(
        lazy_gettext("As of"),
        lazy_gettext("Empty: the day on which it is asked. What ended later still counts."),
    )


BOXED = frozenset({Part.LEVEL, Part.KIND, Part.VIA, Part.STATE, Part.HOST, Part.SEX})
for _part in Part:
    if _part in BOXED:
        _boxes = Checkboxes(_part.value, description=lazy_gettext("None ticked: all of them."))
        setattr(QuestionForm, f"only_{_part.value}", _boxes)
    elif _part not in SPAN_PARTS:
        _lines = Lines(
            _part.value,
            description=lazy_gettext("One a line, exactly as in the register. Empty: all."),
        )
        setattr(QuestionForm, f"only_{_part.value}", _lines)


def question_form(source: Source, asked: Question | None = None, **more: Any) -> QuestionForm:
    """Return the form for a register, filled from a question."""
    form = QuestionForm(**(_filled(asked) | more))
    known = KNOWN[source]
    form.counted.choices = [(one.value, label(one)) for one in known.counts]
    form.company.choices = [
        ("", gettext("All")), ("yes", gettext("Company staff only")), ("no", gettext("Others only"))
    ]  # fmt: skip
    form.splits.choices = [(part.value, label(part)) for part in known.parts]
    for part in Part:
        name = f"only_{part.value}"
        if name not in form:
            continue
        if part not in known.parts:
            del form[name]
            continue
        form[name].label.text = label(part)
        if isinstance(form[name], Checkboxes):
            form[name].choices = coded_choices(source, part)
    for name, part in (("company", Part.COMPANY), ("from_age", Part.AGE), ("to_age", Part.AGE)):
        if part not in known.parts:
            del form[name]
    return form


def coded_choices(source: Source, part: Part) -> list[tuple[str, str]]:
    """List the coded values of a part of a register; none where it holds free texts."""
    if part is Part.LEVEL and source in SKILL_LEVELS:
        return [(str(level), level_title(level)) for level in range(1, 6)]
    enum: Any = Sex if part is Part.SEX else ENUMS.get((source, part))
    return [] if enum is None else [(one.value, named(one)) for one in enum]


def _filled(asked: Question | None) -> dict[str, Any]:
    if asked is None:
        return {}
    found: dict[str, Any] = {
        name: getattr(asked, name)
        for name in ("title", "unit", "from_year", "to_year", "from_on", "to_on", "as_of")
    }
    found |= {
        "from_age": asked.from_age,
        "to_age": asked.to_age,
        "counted": asked.counted.value,
        "company": next(key for key, value in _EITHER.items() if value is asked.company),
        "splits": [part.value for part in asked.splits],
    }
    for part, values in asked.only.items():
        boxed = part in BOXED
        found[f"only_{part.value}"] = list(values) if boxed else "\n".join(values)
    return found


def asked_in(form: QuestionForm, source: Source) -> Question:
    """Return the question that was filled in; raise InvalidRules."""
    only = {}
    for part in KNOWN[source].parts:
        name = f"only_{part.value}"
        if name in form:
            field = form[name]
            values = field.values() if isinstance(field, Lines) else tuple(field.data or ())
            if values:
                only[part] = values
    spans = {
        name: form[name].data
        for name in ("from_year", "to_year", "from_on", "to_on", "from_age", "to_age", "as_of")
        if name in form
    }
    return Question(
        title=form.title.data or "",
        unit=form.unit.data or "",
        source=source,
        counted=Counted(form.counted.data),
        only=only,
        company=_EITHER[form.company.data or ""] if "company" in form else None,
        splits=tuple(Part(one) for one in form.splits.data or ()),
        **spans,
    )


class TypedForm(NotedForm):
    """A number from a document."""

    title = _title()
    unit = _unit()
    bound = SelectField(lazy_gettext("It says"))
    number = ExactField(lazy_gettext("Number"), validators=[InputRequired()])
    parts = Lines(lazy_gettext("Of which"), description=lazy_gettext("One a line: company staff 8"))
    document = StringField(
        lazy_gettext("Document that says so"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=200)],
    )
    as_of = _day(lazy_gettext("As of"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.bound.choices = [(one.value, label(one)) for one in Bound]

    def asked(self) -> Typed:
        """Return the typed figure."""
        parts = []
        for line in self.parts.values():
            title, _, number = line.rpartition(" ")
            parts.append(TypedPart.model_validate({"title": title, "number": number}))
        return Typed(
            title=self.title.data or "",
            unit=self.unit.data or "",
            number=self.number.data,
            bound=Bound(self.bound.data),
            parts=tuple(parts),
            document=self.document.data or "",
            as_of=self.as_of.data,
        )


class FreezeForm(ActForm):
    """The day as of which an answer is kept, and why."""

    as_of = _day(lazy_gettext("As of"), lazy_gettext("Empty: as the question says, or today."))
    note = StringField(
        lazy_gettext("What it is for"), filters=[one_line], validators=[Length(max=400)]
    )


class ReplyForm(ActForm):
    """A reply: its head, its text with places, and whether people are named in the annex."""

    title = StringField(
        lazy_gettext("Heading of the reply"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=120)],
    )
    addressee = StringField(
        lazy_gettext("Addressees"), filters=[one_line], validators=[Length(max=120)]
    )
    reference = StringField(
        lazy_gettext("Proposal or letter that it answers"),
        filters=[one_line],
        validators=[Length(max=80)],
    )
    text = TextAreaField(
        lazy_gettext("Text"),
        filters=[strip],
        validators=[Length(max=LONGEST_TEXT)],
        description=lazy_gettext(
            "Each line a paragraph. A figure stands as its word and a field in double braces."
        ),
    )
    names_shown = BooleanField(lazy_gettext("List people by name and employer in the annex"))
    shared = BooleanField(lazy_gettext("Shared with all colleagues"))

    def facts(self) -> Facts:
        """Return what was written."""
        return Facts(
            title=self.title.data or "",
            addressee=self.addressee.data or "",
            reference=self.reference.data or "",
            text=self.text.data or "",
            names_shown=bool(self.names_shown.data),
            shared=bool(self.shared.data),
        )


class PutForm(ActForm):
    """A figure for a reply: which one, by which word, as of which day."""

    figure = SelectField(lazy_gettext("Figure"), coerce=int, validators=[InputRequired()])
    word = StringField(
        lazy_gettext("Word in the text"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=20)],
    )
    frozen = SelectField(
        lazy_gettext("Answer"),
        coerce=int,
        description=lazy_gettext("The last frozen answer, or a new one of this moment."),
    )
    as_of = _day(lazy_gettext("As of"), lazy_gettext("For a new answer. Empty: today."))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.frozen.choices = [(0, gettext("Freeze now")), (1, gettext("The last frozen one"))]
