"""Forms of applications; what a round asks is built from its data."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.forms import ActForm, VersionedForm, one_line, options, strip, tidy
from blueprints.labels import LEVELS, label
from rules.honours import HonourLevel
from rules.identity import IdKind
from rules.people import PersonFacts, TypedPerson, read_person
from rules.selection_forms import ANSWER, DATES, NEEDED, TITLES, YES_NO, names_of
from rules.selection_rounds import FormField, RoundRules
from rules.selections import Channel, EvidenceKind, Post, UnitKind
from services.selection_applications_evidence import Line

_NONE = ("", lazy_gettext("Please choose"))
YES_NO_TITLES = {"yes": lazy_gettext("Yes"), "no": lazy_gettext("No")}


def _choice(title: Any, pairs: list[tuple[str, Any]], **more: Any) -> SelectField:
    return SelectField(title, choices=options([_NONE, *pairs]), validate_choice=False, **more)


def form_for(rules: RoundRules, channel: Channel) -> type[VersionedForm]:
    """Make the form that a round asks to be filled in; its service reads the answers."""
    asked = {ANSWER + one.key: one for one in rules.form}
    fields = {
        name: _question(asked[name]) if name in asked else _basic(rules, channel, name)
        for name in names_of(rules, channel)
    }
    return type("ApplicationForm", (VersionedForm,), fields)


def _question(asked: FormField) -> Any:
    more: dict[str, Any] = {"description": asked.help, "filters": [strip]}
    if asked.kind == "long":
        return TextAreaField(asked.title, render_kw={"rows": 6}, **more)
    if asked.kind == "choice":
        return _choice(asked.title, [(one, one) for one in asked.choices], **more)
    if asked.kind == "yes_no":
        return _choice(asked.title, [(one, YES_NO_TITLES[one]) for one in YES_NO], **more)
    kinds: dict[str, dict[str, Any]] = {
        "date": {"type": "date"},
        "number": {"inputmode": "decimal"},
    }
    return StringField(asked.title, render_kw=kinds.get(asked.kind, {}), **more)


def _basic(rules: RoundRules, channel: Channel, name: str) -> Any:
    title = lazy_gettext(TITLES[name])
    if name == "tier":
        return _choice(title, [(one.key, one.title) for one in rules.tiers])
    if name == "post":
        return _choice(title, [(one.value, label(one)) for one in Post])
    if name == "unit_kind":
        return _choice(title, [(one.value, label(one)) for one in UnitKind])
    if name == "nominators":
        help_ = (
            lazy_gettext("One expert on a line: name, title, unit.")
            if channel is Channel.EXPERT
            else lazy_gettext("The name of the association.")
        )
        return TextAreaField(title, description=help_, render_kw={"rows": 3})
    kinds = {"type": "date"} if name in DATES else {}
    return StringField(title, filters=[one_line], render_kw=kinds)


def fill(form: VersionedForm, values: Mapping[str, str], version: int) -> None:
    """Show an application as it is stored."""
    for name, field in form._fields.items():
        if name in values:
            field.data = values[name]
    form.version.data = str(version)


def mark_needed(form: VersionedForm, rules: RoundRules) -> None:
    """Mark the questions without which nothing can be submitted."""
    needed = {*NEEDED, *(ANSWER + one.key for one in rules.form if one.needed)}
    for name in needed & form._fields.keys():
        form._fields[name].flags.required = True


class BeginForm(ActForm):
    """The beginning of an application: for somebody of the staff, or for somebody who is named."""

    channel = SelectField(lazy_gettext("Channel"), choices=options([(c, c) for c in Channel]))
    person = SelectField(
        lazy_gettext("Candidate from the staff"), coerce=int, validate_choice=False, default=0
    )
    name = StringField(lazy_gettext("Name of the candidate"), filters=[one_line])
    id_number = StringField(lazy_gettext("ID number of the candidate"), filters=[tidy])
    phone = StringField(lazy_gettext("Phone of the candidate"), filters=[tidy])
    nominators = TextAreaField(
        lazy_gettext("Nominated by"),
        description=lazy_gettext("The association, or each expert on a line: name, title, unit."),
        validators=[Length(max=1300)],
    )

    def typed(self, day: Any) -> PersonFacts | None:
        """Return who was named, checked; put every problem at its field."""
        if not (self.name.data or self.id_number.data):
            return None
        typed = TypedPerson(
            self.name.data or "", IdKind.RESIDENT, self.id_number.data or "", self.phone.data or ""
        )
        facts, problems = read_person(typed, day)
        for problem in problems:
            self.refuse(gettext(problem.message, **problem.params), problem.field)
        return facts


class LineForm(ActForm):
    """One achievement that no register knows."""

    kind = SelectField(
        lazy_gettext("Kind"), choices=options([(one.value, one.value) for one in EvidenceKind])
    )
    title = StringField(
        lazy_gettext("What it is"), filters=[one_line], validators=[DataRequired(), Length(max=200)]
    )
    happened_on = DateField(lazy_gettext("Date"), validators=[InputRequired()])
    level = SelectField(lazy_gettext("Level of the body"), validate_choice=False)
    skill = SelectField(lazy_gettext("Skill level"), validate_choice=False)
    rank = IntegerField(
        lazy_gettext("Place or rank"), validators=[Optional(), NumberRange(1, 10_000)]
    )
    number = StringField(
        lazy_gettext("Number of the certificate"), filters=[one_line], validators=[Length(max=60)]
    )
    detail = TextAreaField(
        lazy_gettext("What was done, and your own part in it"),
        filters=[strip],
        validators=[Length(max=1000)],
    )

    def __init__(self, kind: EvidenceKind, **more: Any) -> None:
        super().__init__(**more)
        self.kind.data = kind.value
        self.level.choices = options([_NONE, *((one.value, label(one)) for one in HonourLevel)])
        skills = ((str(key), gettext(text)) for key, text in LEVELS.items())
        self.skill.choices = options([_NONE, *skills])

    def line(self) -> Line:
        """Return what was typed."""
        kind = EvidenceKind(self.kind.data)
        skill = self.skill.data if kind is EvidenceKind.LEVEL else None
        known = {one.value for one in HonourLevel}
        return Line(
            kind,
            self.title.data or "",
            self.happened_on.data,
            HonourLevel(self.level.data) if self.level.data in known else None,
            int(skill) if skill and skill.isdecimal() else self.rank.data,
            self.number.data or "",
            self.detail.data or "",
        )


class FileForm(ActForm):
    """A file to add."""

    file = FileField(lazy_gettext("File"), validators=[FileRequired()])


class WithdrawForm(ActForm):
    """Why an application is withdrawn; nobody has to say so."""

    reason = StringField(lazy_gettext("Reason"), filters=[one_line], validators=[Length(max=400)])
