"""Forms of statements."""

from flask_babel import lazy_gettext
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.forms import ActForm, one_line


class CompromiseForm(ActForm):
    """Since when others may have had a key, and what happened."""

    since = DateField(
        lazy_gettext("Since"),
        validators=[InputRequired()],
        description=lazy_gettext("What was signed before this day still counts."),
    )
    reason = StringField(
        lazy_gettext("What happened"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=400)],
    )
