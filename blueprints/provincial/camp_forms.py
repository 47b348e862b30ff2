"""Forms of a training: the training itself, its tests, what is written down."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.fields import ExactField
from blueprints.forms import ActForm, one_line, strip
from blueprints.provincial.forms import NONE
from models.provincial import ProvincialEvent
from models.provincial_delegations import ProvincialCamp
from services.provincial_camps import Attended, CampFacts


class CampForm(ActForm):
    """A training: when, where, under whom."""

    title = StringField(
        lazy_gettext("Title"), filters=[one_line], validators=[DataRequired(), Length(max=80)]
    )
    starts_on = DateField(lazy_gettext("First day"), validators=[InputRequired()])
    ends_on = DateField(lazy_gettext("Last day"), validators=[InputRequired()])
    place = StringField(
        lazy_gettext("Place of the training"), filters=[one_line], validators=[Length(max=120)]
    )
    leader = StringField(lazy_gettext("Led by"), filters=[one_line], validators=[Length(max=60)])

    def show(self, camp: ProvincialCamp) -> None:
        """Show a training as it is."""
        if not self.is_submitted():
            for name in CampFacts.__dataclass_fields__:
                self[name].data = getattr(camp, name)

    def facts(self) -> CampFacts:
        """Return what was typed."""
        given = {name: self[name].data for name in CampFacts.__dataclass_fields__}
        return CampFacts(**given)


class TestForm(ActForm):
    """A test of one event."""

    event_id = SelectField(lazy_gettext("Event"), coerce=int, validators=[InputRequired()])
    title = StringField(
        lazy_gettext("Test"), filters=[one_line], validators=[DataRequired(), Length(max=80)]
    )
    day = DateField(lazy_gettext("Day of the test"), validators=[InputRequired()])
    full = ExactField(
        lazy_gettext("Full marks"),
        default=Decimal(100),
        validators=[InputRequired(), NumberRange(min=Decimal("0.01"), max=10000)],
    )

    def offer(self, events: Iterable[ProvincialEvent]) -> None:
        """Offer the events of the contest."""
        self.event_id.choices = [SelectChoice(one.id, one.title) for one in events]

    def facts(self) -> tuple[int, str, date, Decimal]:
        """Return what was typed; the validators have seen to it that all of it is there."""
        day, full = self.day.data, self.full.data
        if day is None or full is None:
            raise ValueError("a test without day or full marks")
        return int(self.event_id.data), self.title.data or "", day, full


class NoteForm(ActForm):
    """What a coach writes down about a day, or about one candidate."""

    day = DateField(lazy_gettext("Day"), validators=[InputRequired()])
    slot_id = SelectField(lazy_gettext("About whom"), validators=[Optional()])
    text = TextAreaField(
        lazy_gettext("What is written down"),
        filters=[strip],
        validators=[DataRequired(), Length(max=2000)],
    )

    def offer(self, people: Iterable[Attended]) -> None:
        """Offer those who are trained."""
        known = {str(one.slot_id): one.name for one in people}
        self.slot_id.choices = [NONE, *(SelectChoice(key, name) for key, name in known.items())]

    def facts(self) -> tuple[date, str, int | None]:
        """Return what was typed; the validators have seen to it that there is a day."""
        day = self.day.data
        if day is None:
            raise ValueError("a note without a day")
        about = int(self.slot_id.data) if self.slot_id.data else None
        return day, self.text.data or "", about
