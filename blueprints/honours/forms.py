"""Forms of the register of honours."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.forms import ActForm, one_line
from blueprints.labels import label
from rules.honours import Facts, HonourKind, HonourLevel, HonourVia


class HonourForm(ActForm):
    """An honour that came from elsewhere."""

    title = StringField(
        lazy_gettext("Honour"), filters=[one_line], validators=[DataRequired(), Length(max=80)]
    )
    kind = RadioField(lazy_gettext("Kind"), default=HonourKind.TITLE.value)
    level = SelectField(lazy_gettext("Level of the body"))
    granted_by = StringField(
        lazy_gettext("Granted by"), filters=[one_line], validators=[DataRequired(), Length(max=200)]
    )
    granted_on = DateField(lazy_gettext("Granted on"), validators=[InputRequired()])
    programme = StringField(
        lazy_gettext("Programme"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=160)],
        description=lazy_gettext("The contest or selection, with its year or edition."),
    )
    via = RadioField(lazy_gettext("Way"), default=HonourVia.CONTEST.value)
    document = StringField(
        lazy_gettext("Document that proves it"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=160)],
        description=lazy_gettext("Its title and number, such as 浙人社发〔2022〕15 号."),
    )
    of_company = BooleanField(lazy_gettext("As staff of a company"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(one.value, label(one)) for one in HonourKind]
        self.level.choices = [(one.value, label(one)) for one in HonourLevel]
        self.via.choices = [(one.value, label(one)) for one in HonourVia]

    def facts(self) -> Facts:
        """Return the honour as typed."""
        assert self.granted_on.data is not None
        return Facts(
            self.title.data or "",
            HonourKind(self.kind.data),
            HonourLevel(self.level.data),
            self.granted_by.data or "",
            self.granted_on.data,
            self.programme.data or "",
            HonourVia(self.via.data),
            self.document.data or "",
            bool(self.of_company.data),
        )


class RejectForm(ActForm):
    """Why an honour is not taken into the register."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class RevokeForm(RejectForm):
    """Why an honour is revoked, and whether all of the same entry go with it."""

    whole = BooleanField(lazy_gettext("Revoke every honour of the same entry"))
