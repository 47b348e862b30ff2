"""Forms of claims."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.forms import ActForm, tidy

YEAR = timedelta(days=365)


class ClaimForm(ActForm):
    """Who asks for a code."""

    id_number = StringField(
        lazy_gettext("ID number"), filters=[tidy], validators=[DataRequired(), Length(max=30)]
    )
    phone = StringField(
        lazy_gettext("Mobile number on record"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=30)],
        description=lazy_gettext("The one with which you were entered."),
    )


class CodeForm(ActForm):
    """The code that came by text message."""

    code = StringField(
        lazy_gettext("One-time code"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=20)],
        description=lazy_gettext("Six digits, valid for ten minutes."),
    )


class ConsentForm(ActForm):
    """Which employer may fetch certificates, and until when."""

    employer = SelectField(
        lazy_gettext("Employer who may fetch them"), coerce=int, validators=[InputRequired()]
    )
    until = DateField(lazy_gettext("Until this day"), validators=[InputRequired()])
    agreed = BooleanField(lazy_gettext("I agree"), validators=[InputRequired()])

    def offer(self, employers: Sequence[tuple[int, str]], today: date) -> None:
        """Offer the employers of a person, and a year from now."""
        self.employer.choices = list(employers)
        if not self.is_submitted():
            self.until.data = today + YEAR
