"""Forms of certificates."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.forms import ActForm, one_line, tidy
from services.certificates_checking import LARGEST


class RevokeForm(ActForm):
    """Why a certificate is revoked; its check page shows the reason."""

    reason = StringField(
        lazy_gettext("Reason"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=400)],
        description=lazy_gettext("The public check page shows it."),
    )


class AppointmentForm(ActForm):
    """Somebody who is called to a task of a contest."""

    name = StringField(
        lazy_gettext("Name"), filters=[tidy], validators=[DataRequired(), Length(max=60)]
    )
    role = StringField(
        lazy_gettext("Called as"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=60)],
        description=lazy_gettext("As the letter shall say it, such as 技术专家."),
    )
    unit = StringField(lazy_gettext("Works at"), filters=[one_line], validators=[Length(max=120)])
    starts_on = DateField(lazy_gettext("First day"), validators=[InputRequired()])
    ends_on = DateField(lazy_gettext("Last day"), validators=[InputRequired()])


class SignerForm(ActForm):
    """Why nothing more is signed with a key."""

    reason = StringField(
        lazy_gettext("Reason"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=400)],
    )


class CheckForm(FlaskForm):
    """A certificate's number with the name on it, or its check code alone."""

    number = StringField(
        lazy_gettext("Number or check code"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=60)],
        description=lazy_gettext(
            "Both stand at the foot of the certificate. Hyphens, spaces and small letters do not "
            "matter."
        ),
    )
    name = StringField(
        lazy_gettext("Name on the certificate"),
        filters=[one_line],
        validators=[Length(max=100)],
        description=lazy_gettext("Not needed with the check code."),
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
