"""Forms of mentorships: agreements, amendments, transfers, acceptance, limits."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.forms import ActForm, VersionedForm, one_line, strip, tidy
from blueprints.labels import label, level_title
from models.mentorships import Mentorship
from rules.attachments import LARGEST
from rules.mentorship_agreements import MOST_ITEMS, PlanItem
from rules.mentorships import HIGHEST, LOWEST, Outcome, Party
from services.mentorships import Draft
from services.mentorships_acceptance import Check, Successes
from services.mentorships_amendments import Change
from services.mentorships_people import Typed
from services.mentorships_terms import Transfer

SPARE_LINES = 3


def level_choices() -> list[tuple[str, str]]:
    """Return the skill levels to choose from, with none."""
    names = {str(level): level_title(level) for level in range(HIGHEST, LOWEST + 1)}
    return [("", gettext("none")), *names.items()]


def level_of(field: Any) -> int | None:
    return int(field.data) if str(field.data or "").isdecimal() else None


class PlanForm(FlaskForm):
    """One line of a teaching plan."""

    class Meta:
        csrf = False

    what = StringField(lazy_gettext("What"), filters=[one_line], validators=[Length(max=200)])
    until = DateField(lazy_gettext("To be done by"), validators=[Optional()])
    degree = StringField(
        lazy_gettext("To which degree"), filters=[one_line], validators=[Length(max=200)]
    )


class TextForm(VersionedForm):
    """What an agreement says of the teaching; an amendment may change it."""

    skill = StringField(
        lazy_gettext("Skill that is passed on"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=200)],
    )
    target = TextAreaField(
        lazy_gettext("Target of the teaching"),
        filters=[strip],
        validators=[DataRequired(), Length(max=400)],
    )
    plan = FieldList(FormField(PlanForm), label=lazy_gettext("Teaching plan"))
    assessment = TextAreaField(
        lazy_gettext("How progress is assessed"), filters=[strip], validators=[Length(max=400)]
    )
    safeguards = TextAreaField(
        lazy_gettext("What the employer provides"),
        filters=[strip],
        validators=[Length(max=400)],
        description=lazy_gettext("Time, place, tools, pay, safety."),
    )
    ends_on = DateField(lazy_gettext("Last day"), validators=[InputRequired()])

    def spare(self) -> None:
        """Offer a few empty lines below those that are filled."""
        wanted = max(5, len([one for one in self.plan if one.what.data]) + SPARE_LINES)
        while len(self.plan) < min(wanted, MOST_ITEMS):
            self.plan.append_entry()

    def items(self) -> tuple[PlanItem, ...]:
        """Return the lines of the plan that are filled; a line without a day is for the end."""
        return tuple(
            PlanItem(
                what=one.what.data,
                until=one.until.data or self.ends_on.data,
                degree=one.degree.data or "",
            )
            for one in self.plan
            if one.what.data
        )


class AgreementForm(TextForm):
    """An agreement of three as its employer or the bureau drafts it (R7.02)."""

    employer = SelectField(lazy_gettext("Employer of the pair"))
    mentor_name = StringField(
        lazy_gettext("Name of the mentor"), filters=[tidy], validators=[Length(max=60)]
    )
    mentor_id_number = StringField(
        lazy_gettext("Identity number of the mentor"), filters=[tidy], validators=[Length(max=30)]
    )
    mentor_level = SelectField(lazy_gettext("Level of the mentor"))
    mentor_title = StringField(
        lazy_gettext("Title of the mentor"),
        filters=[one_line],
        validators=[Length(max=60)],
        description=lazy_gettext("Such as the title of a craftsman; may stay empty."),
    )
    apprentice_name = StringField(
        lazy_gettext("Name of the apprentice"), filters=[tidy], validators=[Length(max=60)]
    )
    apprentice_id_number = StringField(
        lazy_gettext("Identity number of the apprentice"),
        filters=[tidy],
        validators=[Length(max=30)],
    )
    apprentice_level = SelectField(lazy_gettext("Level of the apprentice"))
    occupation = StringField(
        lazy_gettext("Occupation"), filters=[one_line], validators=[DataRequired(), Length(max=60)]
    )
    starts_on = DateField(lazy_gettext("First day"), validators=[InputRequired()])
    new_kind = BooleanField(lazy_gettext("New apprenticeship (up to three years)"))
    workshop = SelectField(lazy_gettext("Workshop"), default="")
    mentorship_class = SelectField(lazy_gettext("Class"), default="")

    def offer(
        self,
        employers: Iterable[tuple[int, str]],
        workshops: Iterable[tuple[int, str]],
        classes: Iterable[tuple[int, str]],
    ) -> None:
        """Offer what can be chosen."""
        none = [("", gettext("none"))]
        self.employer.choices = [(str(key), title) for key, title in employers]
        self.workshop.choices = none + [(str(key), title) for key, title in workshops]
        self.mentorship_class.choices = none + [(str(key), title) for key, title in classes]
        self.mentor_level.choices = self.apprentice_level.choices = level_choices()

    def show(self, row: Mentorship) -> None:
        """Fill the form with an agreement as it stands."""
        self.mentor_level.data = str(row.mentor_level or "")
        self.apprentice_level.data = str(row.apprentice_level or "")
        self.workshop.data = str(row.workshop_id or "")
        self.mentorship_class.data = str(row.class_id or "")
        self.version.data = str(row.version)

    def people(self) -> tuple[Typed, Typed]:
        """Return mentor and apprentice as typed."""
        return (
            Typed(self.mentor_name.data or "", self.mentor_id_number.data or ""),
            Typed(self.apprentice_name.data or "", self.apprentice_id_number.data or ""),
        )

    def draft(self, mentor_id: int = 0, apprentice_id: int = 0) -> Draft:
        """Return the agreement as typed."""
        assert self.starts_on.data is not None and self.ends_on.data is not None
        return Draft(
            mentor_id=mentor_id,
            apprentice_id=apprentice_id,
            occupation=self.occupation.data or "",
            skill=self.skill.data or "",
            target=self.target.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            plan=self.items(),
            assessment=self.assessment.data or "",
            safeguards=self.safeguards.data or "",
            mentor_level=level_of(self.mentor_level),
            mentor_title=self.mentor_title.data or "",
            apprentice_level=level_of(self.apprentice_level),
            new_kind=bool(self.new_kind.data),
            workshop_id=int(self.workshop.data) if self.workshop.data else None,
            class_id=int(self.mentorship_class.data) if self.mentorship_class.data else None,
        )


class AmendmentForm(TextForm):
    """The form on which a running agreement changes (R7.02)."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )

    def change(self) -> Change:
        """Return what shall hold instead."""
        assert self.ends_on.data is not None
        return Change(
            self.skill.data or "",
            self.target.data or "",
            self.items(),
            self.assessment.data or "",
            self.safeguards.data or "",
            self.ends_on.data,
        )


class TransferForm(ActForm):
    """To whom an apprentice goes."""

    mentor_name = StringField(
        lazy_gettext("Name of the new mentor"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=60)],
    )
    mentor_id_number = StringField(
        lazy_gettext("Identity number of the new mentor"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=30)],
    )
    mentor_level = SelectField(lazy_gettext("Level of the mentor"))
    mentor_title = StringField(
        lazy_gettext("Title of the mentor"), filters=[one_line], validators=[Length(max=60)]
    )
    starts_on = DateField(
        lazy_gettext("First day with the new mentor"), validators=[InputRequired()]
    )
    ends_on = DateField(lazy_gettext("Last day"), validators=[InputRequired()])
    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mentor_level.choices = level_choices()

    def mentor(self) -> Typed:
        """Return the new mentor as typed."""
        return Typed(self.mentor_name.data or "", self.mentor_id_number.data or "")

    def transfer(self) -> Transfer:
        """Return the rest as typed; who the mentor is, is found by the number."""
        assert self.starts_on.data is not None and self.ends_on.data is not None
        return Transfer(
            0,
            level_of(self.mentor_level),
            self.starts_on.data,
            self.ends_on.data,
            self.mentor_title.data or "",
        )


class AcceptanceForm(ActForm):
    """The check at the end of a term (R7.11)."""

    held_on = DateField(lazy_gettext("Day of the check"), validators=[InputRequired()])
    test_mark = DecimalField(
        lazy_gettext("Mark of the test"), places=2, validators=[Optional(), NumberRange(0, 100)]
    )
    level = SelectField(
        lazy_gettext("Level certificate in the register"),
        default="",
        description=lazy_gettext("Levels that the register knows go before typed ones."),
    )
    level_gained = SelectField(
        lazy_gettext("Level gained, if the register does not know it"), default=""
    )
    honour = SelectField(lazy_gettext("Prize in the register of honours"), default="")
    contest_rank = StringField(
        lazy_gettext("Contest and rank, if the register does not know it"),
        filters=[one_line],
        validators=[Length(max=200)],
    )
    proposed = RadioField(lazy_gettext("Outcome"), validators=[InputRequired()])
    note = TextAreaField(lazy_gettext("Remark"), filters=[strip], validators=[Length(max=400)])

    def offer(self, found: Successes) -> None:
        """Offer what the registers know."""
        none = ("", gettext("none"))
        levels = dict(level_choices())
        self.level.choices = [none] + [
            (str(one.id), f"{one.occupation} {levels[str(one.level)]} {one.granted_on}")
            for one in found.levels
        ]
        self.honour.choices = [none] + [
            (str(one.id), f"{one.programme} {one.title}") for one in found.honours
        ]
        self.level_gained.choices = level_choices()
        self.proposed.choices = [(one.value, label(one)) for one in Outcome]

    def check(self) -> Check:
        """Return the check as typed."""
        assert self.held_on.data is not None
        return Check(
            self.held_on.data,
            Outcome(self.proposed.data),
            self.test_mark.data,
            level_of(self.level_gained),
            self.contest_rank.data or "",
            int(self.level.data) if self.level.data else None,
            int(self.honour.data) if self.honour.data else None,
            self.note.data or "",
        )


class SignForm(ActForm):
    """A signature: the typed name under the text with this digest."""

    party = StringField(validators=[DataRequired()])
    digest = StringField(validators=[DataRequired(), Length(max=64)])
    name = StringField(
        lazy_gettext("Type your name to sign"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=120)],
    )


class ReasonForm(ActForm):
    """Why something is done."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class BreakForm(ReasonForm):
    """Who wanted a break-off, and why."""

    ended_by = SelectField(lazy_gettext("On whose wish"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ended_by.choices = [(one.value, label(one)) for one in Party]


class DayForm(ActForm):
    """The day from which something holds."""

    from_on = DateField(lazy_gettext("From"), validators=[InputRequired()])

    def day(self) -> date:
        """Return the day of a form that is valid."""
        assert self.from_on.data is not None
        return self.from_on.data


class PauseForm(DayForm):
    """From when a pair rests, and why."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class MonthForm(ActForm):
    """A month of teaching, by its first day."""

    month = DateField(validators=[InputRequired()])

    def day(self) -> date:
        """Return the first day of the month of a form that is valid."""
        assert self.month.data is not None
        return self.month.data


class WithdrawMonthForm(MonthForm):
    """A month that was confirmed wrongly."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class MilestoneForm(ActForm):
    """A confirmed milestone, with a remark if wanted."""

    note = StringField(lazy_gettext("Remark"), filters=[one_line], validators=[Length(max=400)])


class EvidenceForm(ActForm):
    """A file that shows that a milestone is reached."""

    file = FileField(
        lazy_gettext("Supporting file"),
        validators=[FileRequired()],
        description=lazy_gettext("PDF, JPEG or PNG, at most %(size)s MB.", size=LARGEST // 2**20),
    )
