"""Forms of programmes and of the rounds themselves."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from blueprints.fields import WholeField
from blueprints.forms import ActForm, VersionedForm, one_line, options, strip, tidy
from blueprints.labels import label
from models.selections import SelectionProgramme
from rules.honours import HonourLevel
from rules.selection_programmes import ShippedProgramme
from rules.selections import Verb
from services.selections import ProgrammeFacts, RoundFacts

_CODE = r"^[0-9A-Za-z-]{1,16}$"
YEARS = NumberRange(2000, 2100)


class ProgrammeForm(VersionedForm):
    """What the approval of a programme fixes."""

    code = StringField(
        lazy_gettext("Code"),
        filters=[tidy],
        validators=[DataRequired(), Regexp(_CODE)],
        description=lazy_gettext("Letters and digits, such as SLMJ; rounds are numbered with it."),
    )
    title = StringField(
        lazy_gettext("Name of the programme"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=60)],
        description=lazy_gettext("As it was approved; at most 25 characters."),
    )
    verb = SelectField(
        lazy_gettext("What it does"),
        validators=[InputRequired()],
        description=lazy_gettext("The word decides which rules on honours it falls under."),
    )
    level = SelectField(lazy_gettext("Level of the title"), validators=[InputRequired()])
    organiser = StringField(
        lazy_gettext("Organiser"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=200)],
    )
    document = StringField(
        lazy_gettext("Document of approval"), filters=[one_line], validators=[Length(max=160)]
    )
    basis = TextAreaField(
        lazy_gettext("Basis"), filters=[strip], validators=[Length(max=2000)], render_kw={"rows": 2}
    )
    scope = TextAreaField(
        lazy_gettext("Whom it is for"),
        filters=[strip],
        validators=[Length(max=2000)],
        render_kw={"rows": 2},
    )
    cycle_years = WholeField(
        lazy_gettext("Held every so many years"),
        validators=[InputRequired(), NumberRange(1, 20)],
        default=1,
    )
    most_people = WholeField(
        lazy_gettext("At most so many people a round"),
        validators=[Optional(), NumberRange(1, 10_000)],
        description=lazy_gettext("By the approval. Empty: no limit."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verb.choices = options((one.value, label(one)) for one in Verb)
        self.level.choices = options((one.value, label(one)) for one in HonourLevel)

    def facts(self) -> ProgrammeFacts:
        """Return the programme as typed."""
        return ProgrammeFacts(
            code=self.code.data or "",
            title=self.title.data or "",
            verb=Verb(self.verb.data),
            level=HonourLevel(self.level.data),
            organiser=self.organiser.data or "",
            basis=self.basis.data or "",
            document=self.document.data or "",
            cycle_years=self.cycle_years.data or 1,
            scope=self.scope.data or "",
            most_people=self.most_people.data,
        )


def programme_values(row: SelectionProgramme | ShippedProgramme) -> dict[str, Any]:
    """Return a programme as its form shows it."""
    names = ("code", "title", "organiser", "basis", "cycle_years", "scope", "most_people")
    values = {name: getattr(row, name) for name in names}
    return values | {
        "verb": row.verb.value,
        "level": row.level.value,
        "document": getattr(row, "document", ""),
        "version": getattr(row, "version", None),
    }


class TakeOverForm(ProgrammeForm):
    """A programme that ships, and the year of its first round."""

    year = WholeField(lazy_gettext("Year of the first round"), validators=[InputRequired(), YEARS])


class RoundForm(ActForm):
    """What tells a round from others."""

    code = StringField(
        lazy_gettext("Code"),
        filters=[tidy],
        validators=[DataRequired(), Regexp(r"^[0-9A-Za-z-]{1,20}$")],
    )
    year = WholeField(lazy_gettext("Year"), validators=[InputRequired(), YEARS])
    title = StringField(
        lazy_gettext("Name of the round"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=120)],
    )

    def facts(self) -> RoundFacts:
        """Return the round as typed."""
        return RoundFacts(self.code.data or "", self.year.data or 0, self.title.data or "")

    def show(self, facts: RoundFacts) -> None:
        """Propose a code, a year and a name."""
        self.code.data, self.year.data, self.title.data = facts.code, facts.year, facts.title


class TitleForm(ActForm):
    """Another name for a round that is not published."""

    title = StringField(
        lazy_gettext("Name of the round"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=120)],
    )


class ReasonForm(ActForm):
    """A reason."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class AgreeForm(ActForm):
    """The agreement to an amendment, as it was read."""

    base = HiddenField(validators=[DataRequired(), Regexp(r"^[0-9a-f]{64}$")])


def next_year(today: date) -> int:
    """Return the year that a first round is likely for."""
    return today.year if today.month < 7 else today.year + 1
