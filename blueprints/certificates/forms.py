"""Forms of certificates."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from blueprints.forms import ActForm, one_line
from services.certificates_checking import LARGEST


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


class FileForm(ActForm):
    """A PDF that somebody wants to know about."""

    file = FileField(
        lazy_gettext("PDF of a certificate"),
        validators=[FileRequired()],
        description=lazy_gettext(
            "At most %(size)s MB. It is looked at and forgotten at once.", size=LARGEST // 2**20
        ),
    )
