"""Forms of sealed codes; passphrases and passwords are never shown again."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, PasswordField, SelectField, TextAreaField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from blueprints.forms import ActForm, options, strip
from models.layers import Keyholder
from rules.refusals import LONGEST_REASON

LONGEST_PASSPHRASE = 200


class BeginForm(ActForm):
    """The end of the list; before the end of the entry time the organizer must mean it."""

    early = BooleanField(lazy_gettext("Close the list now although entries are still open"))


class PassphraseForm(ActForm):
    """The passphrase of one's own key."""

    passphrase = PasswordField(
        lazy_gettext("Passphrase of your key"),
        validators=[DataRequired(), Length(max=LONGEST_PASSPHRASE)],
    )


class NewKeyForm(ActForm):
    """A new passphrase, typed twice."""

    passphrase = PasswordField(
        lazy_gettext("Passphrase"),
        validators=[DataRequired(), Length(max=LONGEST_PASSPHRASE)],
        description=lazy_gettext(
            "At least 12 characters; four or five words that nobody would guess are best."
        ),
    )
    repeated = PasswordField(
        lazy_gettext("Passphrase again"),
        validators=[
            DataRequired(),
            EqualTo("passphrase", lazy_gettext("The two passphrases differ.")),
        ],
    )
    known = BooleanField(
        lazy_gettext("I have noted it where only I can find it; nobody can set it anew."),
        validators=[InputRequired(lazy_gettext("Tick this once it is noted."))],
    )


class SealForm(PassphraseForm):
    """The sealer's passphrase, and who can open the layer in the sealer's place."""

    escrow = SelectField(lazy_gettext("Second keyholder"), coerce=int, validate_choice=False)

    def offer(self, keys: Sequence[Keyholder]) -> None:
        """List who has a key and no other part in the event."""
        choices = [(str(key.id), f"{key.account.title} · {key.account.username}") for key in keys]
        self.escrow.choices = options([("0", gettext("Please choose")), *choices])


class WitnessForm(ActForm):
    """The own password of a witness."""

    password = PasswordField(
        lazy_gettext("Your own password"), validators=[DataRequired(), Length(max=200)]
    )


class ResetForm(ActForm):
    """Why all layers are thrown away."""

    reason = TextAreaField(
        lazy_gettext("Reason"), filters=[strip], validators=[Length(max=LONGEST_REASON)]
    )
