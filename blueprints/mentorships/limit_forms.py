"""The form of the limits of mentorships."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from blueprints.forms import ActForm, one_line
from blueprints.mentorships.forms import level_choices, level_of
from rules.mentorships import MentorshipLimits


class LimitsForm(ActForm):
    """The limits of mentorships from a day on."""

    from_on = DateField(lazy_gettext("Valid from"), validators=[InputRequired()])
    basis = StringField(
        lazy_gettext("Paper on which they rest"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=400)],
    )
    pairs_per_mentor = IntegerField(
        lazy_gettext("Apprentices of a mentor at one time, at most"),
        validators=[InputRequired(), NumberRange(1, 50)],
    )
    pairs_per_apprentice = IntegerField(
        lazy_gettext("Mentors of an apprentice at one time, at most"),
        validators=[InputRequired(), NumberRange(1, 5)],
    )
    same_employer = BooleanField(lazy_gettext("Mentor and apprentice must have the same employer"))
    least_months = IntegerField(
        lazy_gettext("Months of a term, at least"),
        validators=[InputRequired(), NumberRange(1, 60)],
    )
    most_months = IntegerField(
        lazy_gettext("Months of a term, at most"), validators=[InputRequired(), NumberRange(1, 60)]
    )
    most_months_new = IntegerField(
        lazy_gettext("Months of the new apprenticeship, at most"),
        validators=[InputRequired(), NumberRange(1, 72)],
    )
    objection_months = IntegerField(
        lazy_gettext("Months for objections"), validators=[InputRequired(), NumberRange(0, 12)]
    )
    least_age = IntegerField(
        lazy_gettext("Age of an apprentice, at least"),
        validators=[InputRequired(), NumberRange(16, 30)],
    )
    mentor_level = SelectField(lazy_gettext("Level of a mentor, at least"))
    mentor_titles = StringField(
        lazy_gettext("Titles that stand in for the level"),
        filters=[one_line],
        validators=[Length(max=200)],
        description=lazy_gettext("Separated by commas."),
    )
    level_gap = IntegerField(
        lazy_gettext("Levels above the apprentice, at least"),
        validators=[InputRequired(), NumberRange(0, 4)],
    )
    class_mentors = IntegerField(
        lazy_gettext("Mentors of a class, at least"),
        validators=[InputRequired(), NumberRange(1, 20)],
    )
    class_leader_level = SelectField(lazy_gettext("Level of the leading mentor, at least"))
    success_years = IntegerField(
        lazy_gettext("Years after signing in which a success counts"),
        validators=[InputRequired(), NumberRange(1, 10)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mentor_level.choices = self.class_leader_level.choices = level_choices()

    def show(self, limits: MentorshipLimits, from_on: date) -> None:
        """Begin with the limits that hold now."""
        for name, value in limits.model_dump().items():
            if name == "mentor_titles":
                self.mentor_titles.data = "，".join(value)
            elif name in ("mentor_level", "class_leader_level"):
                self[name].data = str(value or "")
            else:
                self[name].data = value
        self.from_on.data = from_on

    def limits(self) -> MentorshipLimits:
        """Return the limits as typed."""
        typed = {name: self[name].data for name in MentorshipLimits.model_fields}
        titles = str(self.mentor_titles.data or "").replace("，", ",").replace("、", ",").split(",")
        kept: Sequence[str] = [one.strip() for one in titles if one.strip()]
        changed = {
            "mentor_titles": tuple(kept),
            "mentor_level": level_of(self.mentor_level),
            "class_leader_level": level_of(self.class_leader_level),
        }
        return MentorshipLimits.model_validate(typed | changed)
