"""Forms of the delegation: journey, people, vehicles, papers, tasks."""

from collections.abc import Iterable

from flask_babel import lazy_gettext
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.fields import WholeField
from blueprints.forms import ActForm, one_line, tidy
from blueprints.provincial.forms import NONE, choices_of, file_field
from models.provincial_delegations import ProvincialDelegation, ProvincialMember
from rules.provincial import MemberRole
from services.provincial_delegations import MemberFacts, PaperFacts


class JourneyForm(ActForm):
    """Where the delegation stays and when it travels."""

    hotel = StringField(
        lazy_gettext("Where it stays"), filters=[one_line], validators=[Length(max=160)]
    )
    leaves_on = DateField(lazy_gettext("Leaves on"), validators=[Optional()])
    returns_on = DateField(lazy_gettext("Returns on"), validators=[Optional()])

    def show(self, row: ProvincialDelegation) -> None:
        """Show the journey as it is."""
        self.hotel.data = row.hotel
        self.leaves_on.data, self.returns_on.data = row.leaves_on, row.returns_on


class MemberForm(ActForm):
    """Somebody who travels along."""

    role = SelectField(lazy_gettext("Task in the delegation"), validators=[InputRequired()])
    name = StringField(
        lazy_gettext("Name"), filters=[tidy], validators=[DataRequired(), Length(max=60)]
    )
    unit = StringField(lazy_gettext("Unit"), filters=[one_line], validators=[Length(max=120)])
    phone = StringField(
        lazy_gettext("Telephone"),
        filters=[tidy],
        validators=[Length(max=20)],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )

    def offer(self) -> None:
        """Offer the tasks."""
        self.role.choices = choices_of(MemberRole)

    def facts(self) -> MemberFacts:
        """Return what was typed."""
        return MemberFacts(
            MemberRole(self.role.data),
            self.name.data or "",
            self.unit.data or "",
            self.phone.data or "",
        )


class VehicleForm(ActForm):
    """A vehicle and its driver."""

    plate = StringField(
        lazy_gettext("Number plate"), filters=[tidy], validators=[DataRequired(), Length(max=12)]
    )
    seats = WholeField(
        lazy_gettext("Number of seats"), validators=[InputRequired(), NumberRange(1, 99)]
    )
    driver_id = SelectField(lazy_gettext("Driver"), validators=[Optional()])
    note = StringField(lazy_gettext("Note"), filters=[one_line], validators=[Length(max=160)])

    def offer(self, members: Iterable[ProvincialMember]) -> None:
        """Offer who can drive: drivers first."""
        known = sorted(members, key=lambda one: one.role is not MemberRole.DRIVER)
        self.driver_id.choices = [NONE, *(SelectChoice(str(one.id), one.name) for one in known)]

    def facts(self) -> tuple[str, int, int | None, str]:
        """Return what was typed."""
        driver = int(self.driver_id.data) if self.driver_id.data else None
        return self.plate.data or "", self.seats.data or 0, driver, self.note.data or ""


class PaperForm(ActForm):
    """A paper that must be valid during the contest."""

    holder = StringField(
        lazy_gettext("Whose it is"), filters=[one_line], validators=[DataRequired(), Length(max=80)]
    )
    title = StringField(
        lazy_gettext("Name of the paper"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=80)],
    )
    number = StringField(
        lazy_gettext("Number of the paper"), filters=[tidy], validators=[Length(max=60)]
    )
    expires_on = DateField(lazy_gettext("Valid until"), validators=[Optional()])
    scan = file_field(lazy_gettext("Scan"), required=False)

    def facts(self) -> PaperFacts:
        """Return what was typed."""
        return PaperFacts(
            self.holder.data or "",
            self.title.data or "",
            self.number.data or "",
            self.expires_on.data,
        )


class TaskForm(ActForm):
    """A line of the checklist."""

    title = StringField(
        lazy_gettext("Task"), filters=[one_line], validators=[DataRequired(), Length(max=120)]
    )
    due_on = DateField(lazy_gettext("To be done by"), validators=[Optional()])
