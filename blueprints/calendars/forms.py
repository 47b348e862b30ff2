"""Forms of the working-day calendar."""

from flask_babel import lazy_gettext
from wtforms import DateField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from blueprints.forms import ActForm, one_line, options


class DaysForm(ActForm):
    """A holiday or make-up days, from day to day."""

    kind = RadioField(
        lazy_gettext("Kind"),
        choices=options(
            [
                ("off", lazy_gettext("Holiday: nobody works")),
                ("working", lazy_gettext("Make-up day: a weekend day that is worked")),
            ]
        ),
        default="off",
    )
    title = StringField(
        lazy_gettext("Name of the holiday"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=40)],
    )
    first = DateField(lazy_gettext("First day"), validators=[InputRequired()])
    last = DateField(
        lazy_gettext("Last day"),
        validators=[Optional()],
        description=lazy_gettext("Empty: only one day."),
    )


class DayForm(ActForm):
    """One day that is to follow the week's rule again."""

    day = DateField(validators=[InputRequired()])


class SourceForm(ActForm):
    """The document that makes a year known."""

    source = StringField(
        lazy_gettext("Source"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=200)],
        description=lazy_gettext("The notice of the State Council, with its number."),
    )
