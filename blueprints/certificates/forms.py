"""Forms of certificates."""

from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from blueprints.forms import ActForm, one_line


class RevokeForm(ActForm):
    """Why a certificate is revoked; its check page shows the reason."""

    reason = StringField(
        lazy_gettext("Reason"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=400)],
        description=lazy_gettext("The public check page shows it."),
    )


class SignerForm(ActForm):
    """Why nothing more is signed with a key."""

    reason = StringField(
        lazy_gettext("Reason"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=400)],
    )
