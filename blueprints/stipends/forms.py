"""Forms of runs of stipends and of their evidence."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from wtforms import DateField, DecimalField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from blueprints.forms import ActForm, one_line, options, tidy
from blueprints.labels import label
from rules.stipend_scales import SubsidyKind


class RunForm(ActForm):
    """Up to which day a run settles."""

    until = DateField(
        lazy_gettext("Settle events up to"),
        validators=[InputRequired()],
        description=lazy_gettext("Evidence of earlier days that came late is settled too."),
    )
    note = StringField(lazy_gettext("Remark"), filters=[one_line], validators=[Length(max=400)])


class ReasonForm(ActForm):
    """A reason that is kept in the audit record."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class TrainingForm(ActForm):
    """A subsidised training of an apprentice, found by the number of an agreement."""

    number = StringField(
        lazy_gettext("Number of an agreement of the apprentice"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=40)],
    )
    kind = SelectField(lazy_gettext("Kind of training"), validators=[InputRequired()])
    occupation = StringField(
        lazy_gettext("Occupation"), filters=[one_line], validators=[DataRequired(), Length(max=60)]
    )
    level = SelectField(lazy_gettext("Skill level"), validate_choice=True)
    held_on = DateField(lazy_gettext("Subsidised on"), validators=[InputRequired()])
    source = StringField(
        lazy_gettext("Source document"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=200)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options((one.value, label(one)) for one in SubsidyKind)
        self.level.choices = [("", "–"), *options((str(one), str(one)) for one in range(5, 0, -1))]


class CaseForm(ReasonForm):
    """What part of a stipend is left after a break-off."""

    pair = SelectField(
        lazy_gettext("Agreement"), validators=[InputRequired()], validate_choice=False
    )
    percent = DecimalField(
        lazy_gettext("Part that is left (percent)"),
        places=2,
        validators=[InputRequired(), NumberRange(min=0, max=100)],
    )

    def offer(self, pairs: Iterable[tuple[int, str]]) -> None:
        """Offer the pairs that can be decided."""
        self.pair.choices = options((str(key), text) for key, text in pairs)
