"""Forms of people and employers."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from blueprints.forms import ActForm, one_line, tidy
from blueprints.labels import LEVELS
from models.people import Employer, Person
from rules.industries import INDUSTRIES
from services.people_employers import EmployerFacts

_OF_EMPLOYER = ("title", "uscc", "district", "industry", "contact_name", "contact_phone")


class EmployerForm(ActForm):
    """An employer and whom to call there."""

    title = StringField(
        lazy_gettext("Full name"), filters=[one_line], validators=[DataRequired(), Length(max=120)]
    )
    uscc = StringField(
        lazy_gettext("Unified social credit code"),
        filters=[tidy],
        validators=[Length(max=30)],
        description=lazy_gettext("18 characters; may be left empty."),
    )
    district = StringField(
        lazy_gettext("Town or district"), filters=[one_line], validators=[Length(max=40)]
    )
    industry = SelectField(lazy_gettext("Industry"), default="")
    contact_name = StringField(
        lazy_gettext("Contact person"), filters=[tidy], validators=[Length(max=40)]
    )
    contact_phone = StringField(
        lazy_gettext("Contact phone"), filters=[tidy], validators=[Length(max=30)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = ((key, gettext(text)) for key, text in INDUSTRIES.items())
        self.industry.choices = [("", gettext("Industry not known")), *known]

    def show(self, employer: Employer) -> None:
        """Fill in what is stored."""
        for name in _OF_EMPLOYER:
            self._fields[name].data = getattr(employer, name)

    def typed(self) -> EmployerFacts:
        """Return what was typed, as plain values."""
        return EmployerFacts(**{name: self._fields[name].data or "" for name in _OF_EMPLOYER})


class PersonForm(ActForm):
    """What may be corrected of a person."""

    name = StringField(
        lazy_gettext("Name"), filters=[tidy], validators=[DataRequired(), Length(max=60)]
    )
    phone = StringField(lazy_gettext("Phone"), filters=[tidy], validators=[Length(max=30)])
    held_level = SelectField(lazy_gettext("Skill level held"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = ("", gettext("None"))
        self.held_level.choices = [none, *((str(k), gettext(text)) for k, text in LEVELS.items())]

    def show(self, person: Person) -> None:
        """Fill in what is stored."""
        self.name.data, self.phone.data = person.name, person.phone
        self.held_level.data = str(person.held_level or "")

    @property
    def level(self) -> int | None:
        """Return the level chosen."""
        return int(self.held_level.data) if self.held_level.data else None
