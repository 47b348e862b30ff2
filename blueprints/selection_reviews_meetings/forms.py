"""Forms of a panel: opening a ballot, voiding it, a visit, the minutes of a meeting."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from blueprints.forms import ActForm, CheckboxesField, VersionedForm, one_line, options, strip
from rules.selection_rounds import RoundTier
from services.selection_reviews_ballots import Name

LONGEST = 10_000
CONFIRMED = {"": None, "yes": True, "no": False}


def candidate_text(name: Name) -> str:
    """Return how a candidate is named in a list of choices."""
    number = "" if name.number is None else f"{name.number} "
    return f"{number}{name.name}" + (f"（{name.unit}）" if name.unit else "")


def choices_of(names: dict[int, Name]) -> list[Any]:
    """Return candidates as choices."""
    return options((str(key), candidate_text(one)) for key, one in names.items())


class BallotForm(ActForm):
    """A ballot to be opened: for which tier, for how many places, who stands."""

    tier = SelectField(lazy_gettext("Tier"))
    places = IntegerField(
        lazy_gettext("Places"), validators=[InputRequired(), NumberRange(1, 1000)]
    )
    candidates = CheckboxesField(lazy_gettext("Candidates who stand"), coerce=int)

    def __init__(self, tiers: tuple[RoundTier, ...], names: dict[int, Name], **more: Any) -> None:
        super().__init__(**more)
        every = [("", gettext("All tiers together"))]
        self.tier.choices = [*every, *options((one.key, one.title) for one in tiers)]
        self.candidates.choices = choices_of(names)


class ReasonForm(ActForm):
    """A reason."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class PaperForm(ActForm):
    """A secret paper."""

    chosen = CheckboxesField(lazy_gettext("Candidates you vote for"), coerce=int)

    def __init__(self, names: dict[int, Name], **more: Any) -> None:
        super().__init__(**more)
        self.chosen.choices = choices_of(names)


class VisitForm(VersionedForm):
    """What a visit found."""

    held_on = DateField(lazy_gettext("Day of the visit"), validators=[InputRequired()])
    people = StringField(
        lazy_gettext("Who went"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=200)],
    )
    notes = TextAreaField(
        lazy_gettext("What was seen"),
        filters=[strip],
        validators=[DataRequired(), Length(max=LONGEST)],
    )
    confirmed = RadioField(lazy_gettext("Is the application true?"), default="")

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.confirmed.choices = [
            ("yes", gettext("Yes, what it says was seen")),
            ("no", gettext("No, see the notes")),
            ("", gettext("Not settled yet")),
        ]


class PhotoForm(ActForm):
    """A photo or paper of a visit or meeting."""

    file = FileField(lazy_gettext("Photo or paper"), validators=[FileRequired()])


class MeetingForm(VersionedForm):
    """The minutes of a meeting."""

    title = StringField(
        lazy_gettext("Meeting"), filters=[one_line], validators=[DataRequired(), Length(max=120)]
    )
    held_on = DateField(lazy_gettext("Day of the meeting"), validators=[InputRequired()])
    place = StringField(
        lazy_gettext("Where it was held"), filters=[one_line], validators=[Length(max=120)]
    )
    chair = StringField(
        lazy_gettext("Chaired by"), filters=[one_line], validators=[DataRequired(), Length(max=60)]
    )
    members = IntegerField(
        lazy_gettext("Members of the meeting"), validators=[InputRequired(), NumberRange(1, 1000)]
    )
    present = IntegerField(
        lazy_gettext("Present"), validators=[InputRequired(), NumberRange(0, 1000)]
    )
    people = TextAreaField(
        lazy_gettext("Who was there"), filters=[strip], validators=[Length(max=1000)]
    )
    minutes = TextAreaField(
        lazy_gettext("Minutes"),
        filters=[strip],
        validators=[DataRequired(), Length(max=LONGEST)],
    )
