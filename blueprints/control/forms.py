"""Forms of the control room."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.forms import ActForm, options, strip, tidy
from blueprints.labels import label
from models.control import LONGEST_NOTE
from rules.scheme_nodes import Aspect
from rules.seats import Layout
from rules.violations import Chargeable, Effect


class NoteForm(ActForm):
    """What was found when an alarm was looked at."""

    note = TextAreaField(
        lazy_gettext("What you found"), filters=[strip], validators=[Length(max=LONGEST_NOTE)]
    )


class AskForm(ActForm):
    """Which lines a judge, or the panel, looks at again."""

    aspects = SelectMultipleField(
        lazy_gettext("Lines"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
    panel = BooleanField(lazy_gettext("Ask all judges of this part, not only this one"))
    reason = TextAreaField(
        lazy_gettext("Reason"), filters=[strip], validators=[Length(max=LONGEST_NOTE)]
    )

    def offer(self, layout: Layout) -> None:
        """List the lines of the sheet."""
        self.aspects.choices = options(
            (line.key, line.title) for line in layout.lines if isinstance(line, Aspect)
        )


class ViolationForm(ActForm):
    """A breach of the rules by one work."""

    code = StringField(
        lazy_gettext("Work code"), filters=[tidy], validators=[DataRequired(), Length(max=12)]
    )
    effect = RadioField(
        lazy_gettext("Effect"),
        choices=options((effect.value, effect.value) for effect in Effect),
        default=Effect.WARNING.value,
    )
    deduction = SelectField(lazy_gettext("Deduction"), validate_choice=False)
    times = IntegerField(lazy_gettext("How many times"), default=1)
    reason = TextAreaField(
        lazy_gettext("Reason"), filters=[strip], validators=[Length(max=LONGEST_NOTE)]
    )
    evidence = FileField(lazy_gettext("Evidence"))

    def offer(self, charges: Sequence[tuple[str, Chargeable]]) -> None:
        """List what the scheme deducts, and say the effects in the reader's language."""
        self.effect.choices = options((effect.value, label(effect)) for effect in Effect)
        lines = [
            (name, " · ".join((gettext(one.bench.title), one.deduction.title)))
            for name, one in charges
        ]
        self.deduction.choices = options([("", gettext("Please choose")), *lines])


class WithdrawForm(ActForm):
    """Why a recorded breach is taken back."""

    reason = TextAreaField(
        lazy_gettext("Reason"), filters=[strip], validators=[Length(max=LONGEST_NOTE)]
    )
