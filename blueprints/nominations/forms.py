"""Forms of nominations: calls, candidates, objections, files, outcomes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.form import Form
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from blueprints.forms import ActForm, VersionedForm, one_line, options, strip, tidy
from blueprints.labels import LEVELS, label
from models.nominations import Nomination
from rules.honours import HonourLevel
from rules.nomination_rules import CallList, CallRules
from rules.people import PersonFacts, read_resident
from rules.refusals import LONGEST_REASON
from rules.selections import EvidenceKind, Post, UnitKind
from services.nominations_candidates import Achievement, CandidateFacts
from services.nominations_notices import ObjectionFacts

ROWS = 8


def _text(label_: Any, *, required: bool = False, most: int = 120, help_: Any = "") -> Any:
    validators: list[Any] = [DataRequired()] if required else []
    return StringField(
        label_, filters=[one_line], validators=[*validators, Length(max=most)], description=help_
    )


def _area(label_: Any, most: int = 4000, help_: Any = "") -> Any:
    return TextAreaField(label_, filters=[strip], validators=[Length(max=most)], description=help_)


def _choice(kinds: Iterable[Any]) -> list[Any]:
    return [("", gettext("Not said yet")), *options((one.value, label(one)) for one in kinds)]


class AchievementForm(Form):
    """One line of the achievements."""

    kind = SelectField(lazy_gettext("Kind"))
    title = StringField(
        lazy_gettext("Name of the achievement"), filters=[one_line], validators=[Length(max=200)]
    )
    on = DateField(lazy_gettext("Day"), validators=[Optional()])
    level = SelectField(lazy_gettext("Level of the achievement"))
    rank = IntegerField(lazy_gettext("Place"), validators=[Optional(), NumberRange(1, 1000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options((one.value, label(one)) for one in EvidenceKind)
        self.level.choices = _choice(HonourLevel)

    def found(self) -> Achievement:
        """Return what was typed, as plain values."""
        return Achievement(
            EvidenceKind(self.kind.data),
            self.title.data or "",
            self.on.data,
            HonourLevel(self.level.data) if self.level.data else None,
            self.rank.data,
        )


class CandidateForm(VersionedForm):
    """What the registers don't know of a candidate."""

    reasons = _area(lazy_gettext("Why this one"), 2000)
    merits = _area(lazy_gettext("Merits"), 8000)
    post = SelectField(lazy_gettext("Post"))
    unit_kind = SelectField(lazy_gettext("Kind of unit"))
    occupation = _text(lazy_gettext("Occupation"), most=60)
    trade_since = DateField(lazy_gettext("In the trade since"), validators=[Optional()])
    local_since = DateField(lazy_gettext("At work here since"), validators=[Optional()])
    retires_on = DateField(lazy_gettext("Reaches retirement on"), validators=[Optional()])
    central = SelectField(lazy_gettext("Belongs to a central enterprise"))
    evidence = FieldList(FormField(AchievementForm), lazy_gettext("Achievements"), min_entries=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post.choices, self.unit_kind.choices = _choice(Post), _choice(UnitKind)
        self.central.choices = [
            ("", gettext("Not said yet")),
            ("no", gettext("No")),
            ("yes", gettext("Yes")),
        ]

    def show(self, row: Nomination) -> None:
        """Fill in what is stored."""
        for name in ("reasons", "merits", "occupation", "trade_since", "local_since"):
            self._fields[name].data = getattr(row, name)
        self.retires_on.data, self.version.data = row.retires_on, str(row.version)
        self.post.data = "" if row.post is None else row.post.value
        self.unit_kind.data = "" if row.unit_kind is None else row.unit_kind.value
        self.central.data = {None: "", True: "yes", False: "no"}[row.central]
        while self.evidence.entries:
            self.evidence.pop_entry()
        for one in row.evidence or ():
            day = date.fromisoformat(one["on"]) if one.get("on") else None
            self.evidence.append_entry(one | {"on": day, "level": one.get("level") or ""})
        self.add_rows()

    def add_rows(self) -> None:
        """Leave room for further achievements."""
        filled = sum(bool(one.form.title.data) for one in self.evidence.entries)
        while len(self.evidence.entries) < max(ROWS, filled + 3):
            self.evidence.append_entry()

    def facts(self) -> CandidateFacts:
        """Return what was typed, as plain values."""
        return CandidateFacts(
            reasons=self.reasons.data or "",
            merits=self.merits.data or "",
            post=Post(self.post.data) if self.post.data else None,
            unit_kind=UnitKind(self.unit_kind.data) if self.unit_kind.data else None,
            occupation=self.occupation.data or "",
            trade_since=self.trade_since.data,
            local_since=self.local_since.data,
            retires_on=self.retires_on.data,
            central={"yes": True, "no": False}.get(self.central.data or ""),
            evidence=tuple(
                one.form.found() for one in self.evidence.entries if one.form.title.data
            ),
        )


class ProposeForm(ActForm):
    """Whom an employer proposes."""

    name = StringField(
        lazy_gettext("Name"), filters=[tidy], validators=[DataRequired(), Length(max=60)]
    )
    number = StringField(
        lazy_gettext("ID number"), filters=[tidy], validators=[DataRequired(), Length(max=30)]
    )
    held_level = SelectField(lazy_gettext("Skill level held"))

    def __init__(self, day: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        self.held_level.choices = [
            ("", gettext("None")),
            *((str(key), gettext(text)) for key, text in LEVELS.items()),
        ]
        self.person: PersonFacts | None = None

    def validate_number(self, field: StringField) -> None:
        """Read the candidate."""
        text = self.held_level.data or ""
        held = int(text) if text.isdecimal() else None
        self.person, problems = read_resident(
            self.name.data or "", field.data or "", held, self.day
        )
        if self.person is None or problems:
            said = [gettext(one.message, **one.params) for one in problems]
            raise ValidationError(" ".join(said) or gettext("Check name and ID number."))


class ReasonForm(ActForm):
    """Why something is sent back, declined, withdrawn or taken back."""

    reason = StringField(
        lazy_gettext("Reason"),
        filters=[strip],
        validators=[DataRequired(), Length(max=LONGEST_REASON)],
    )


class NoticeForm(ActForm):
    """Where objections go while a notice stands."""

    contact = _text(lazy_gettext("Where objections go"), required=True, most=200)


class SendForm(ActForm):
    """What is said with a sending."""

    note = _text(
        lazy_gettext("Note"),
        most=400,
        help_=lazy_gettext("From the second sending on: what has changed."),
    )


class ObjectionForm(ActForm):
    """An objection as staff wrote it down."""

    received_on = DateField(lazy_gettext("Received on"), validators=[InputRequired()])
    objector = _text(lazy_gettext("Who objects"), required=True)
    contact = _text(lazy_gettext("How to reach the objector"), required=True)
    text = _area(lazy_gettext("What is brought up"))

    def validate_text(self, field: TextAreaField) -> None:
        """Ask for what is brought up."""
        if not field.data:
            raise ValidationError(gettext("Write what is brought up."))

    def facts(self) -> ObjectionFacts:
        """Return what was typed, as plain values."""
        return ObjectionFacts(
            self.received_on.data or date.min,
            self.objector.data or "",
            self.contact.data or "",
            self.text.data or "",
        )


class AnswerForm(ActForm):
    """The answer to an objection."""

    upheld = SelectField(lazy_gettext("What came of it"), validators=[InputRequired()])
    answer = StringField(
        lazy_gettext("Answer"), filters=[strip], validators=[DataRequired(), Length(max=400)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.upheld.choices = [
            ("no", gettext("Objection dismissed")),
            ("yes", gettext("Objection upheld")),
        ]


class MaterialForm(ActForm):
    """A material of a pack."""

    material = SelectField(lazy_gettext("Which material"), validators=[InputRequired()])
    file = FileField(
        lazy_gettext("File"),
        validators=[FileRequired()],
        description=lazy_gettext("PDF, JPEG or PNG, at most 30 MB; PDFs without a password."),
    )

    def __init__(self, one: CallList, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.material.choices = options((each.key, each.title) for each in one.materials)


class PaperForm(ActForm):
    """A scan or a Word file."""

    file = FileField(lazy_gettext("File"), validators=[FileRequired()])


class WordForm(PaperForm):
    """A form in the superior's layout."""

    place = SelectField(lazy_gettext("Form"), validators=[InputRequired()])

    def __init__(self, rules: CallRules, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place.choices = options(
            (f"{one.key}/{form.key}", f"{one.title} · {form.title}")
            for one in rules.lists
            for form in one.forms
        )


class OutcomeForm(PaperForm):
    """The superior's decision; whom it grants the title stands beside the form."""

    decided_on = DateField(lazy_gettext("Day of the decision"), validators=[InputRequired()])
    document = _text(lazy_gettext("Document number"), required=True, most=160)
