"""Forms of runs of certificates."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.forms import ActForm, CheckboxesField, one_line


class EventsForm(ActForm):
    """Which events a run is for."""

    events = CheckboxesField(lazy_gettext("Events"), coerce=int, validators=[InputRequired()])

    def offer(self, events: list[tuple[int, str]]) -> None:
        """Let these events be chosen."""
        self.events.choices = events


class SampleForm(ActForm):
    """That the sample sheet was looked at."""

    seen = BooleanField(
        lazy_gettext("I have looked at the sample sheet: words, names, date and place are right."),
        validators=[InputRequired(lazy_gettext("Look at the sample sheet first."))],
    )


class LeaveOutForm(ActForm):
    """Who is left out of a run, and why."""

    lines = CheckboxesField(lazy_gettext("Who is left out"), coerce=int, validate_choice=False)
    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class ReasonForm(ActForm):
    """Why something that cannot be undone is done."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


def events_form(events: list[tuple[int, str]], **more: Any) -> EventsForm:
    """Make the form with these events to choose from."""
    form = EventsForm(**more)
    form.offer(events)
    return form
