"""Forms of classes with several mentors, and of old registers."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, FieldList, FormField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.forms import ActForm, one_line, tidy
from blueprints.mentorships.forms import level_choices, level_of
from services.mentorships_classes import ClassDraft
from services.mentorships_people import Typed


class ClassMentorForm(FlaskForm):
    """One mentor of a class."""

    class Meta:
        csrf = False

    name = StringField(lazy_gettext("Name"), filters=[tidy], validators=[Length(max=60)])
    id_number = StringField(
        lazy_gettext("Identity number"), filters=[tidy], validators=[Length(max=30)]
    )
    level = SelectField(lazy_gettext("Level"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = level_choices()


class ClassForm(ActForm):
    """A class with its mentors; the first one leads."""

    employer = SelectField(lazy_gettext("Employer of the pair"))
    title = StringField(
        lazy_gettext("Name of the class"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=80)],
    )
    occupation = StringField(
        lazy_gettext("Occupation"), filters=[one_line], validators=[DataRequired(), Length(max=60)]
    )
    starts_on = DateField(lazy_gettext("First day"), validators=[InputRequired()])
    ends_on = DateField(lazy_gettext("Last day"), validators=[InputRequired()])
    mentors = FieldList(
        FormField(ClassMentorForm), label=lazy_gettext("Mentors, the leading one first")
    )

    def offer(self, employers: Iterable[tuple[int, str]]) -> None:
        """Offer the employers to choose from."""
        self.employer.choices = [(str(key), title) for key, title in employers]

    def spare(self) -> None:
        """Offer at least five lines."""
        while len(self.mentors) < max(5, len(self.mentors)):
            self.mentors.append_entry()

    def draft(self) -> ClassDraft:
        """Return the class as typed."""
        assert self.starts_on.data is not None and self.ends_on.data is not None
        return ClassDraft(
            self.title.data or "",
            self.occupation.data or "",
            self.starts_on.data,
            self.ends_on.data,
            [
                (Typed(one.form.name.data, one.id_number.data or ""), level_of(one.level))
                for one in self.mentors
                if one.form.name.data
            ],
        )


class RegisterForm(ActForm):
    """A spreadsheet with an old register."""

    file = FileField(
        lazy_gettext("Spreadsheet"),
        validators=[FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("An .xlsx or .csv file of at most 10 MB and 5,000 rows."),
    )
