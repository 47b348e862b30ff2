"""Forms of claims."""

from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from blueprints.forms import ActForm, tidy


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
        lazy_gettext("Code"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=20)],
        description=lazy_gettext("Six digits, valid for ten minutes."),
    )
