"""Forms of editions."""

from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.fields import WholeField, one_line
from blueprints.forms import ActForm, VersionedForm, options, strip, tidy
from blueprints.labels import label
from models.contests import Contest
from rules.certificate_designs import KIND_DESIGNS, USUAL_DESIGNS, Design
from rules.certificate_kinds import CertificateKind
from rules.editions import ContestLevel, next_title
from rules.plans import EditionRules, TemplateChoice
from services import designs_choices
from services.contests import ContestFacts, rules_of

DATES = ("entry_opens_on", "entry_closes_on", "starts_on", "ends_on")
_NAMED = ("code", "title", "year", *DATES)
_FACTS = (*_NAMED, "level", "summary", "sponsors", "hosts")
# The contest day, the purses of the prizes and the chain of notices have pages of their own.
_ELSEWHERE = (
    *("day", "budget_lines", "filed_with", "organisation_prizes", "notice_levels"),
    *("certificate_numbers", "sample_by_other"),
)
_RULES = tuple(name for name in EditionRules.model_fields if name not in _ELSEWHERE)
CODE = Regexp(
    r"^[0-9A-Za-z-]+$", message=lazy_gettext("Use letters A to Z, figures and hyphens only.")
)


class EditionNameForm(VersionedForm):
    """What differs from edition to edition: name and dates."""

    code = StringField(
        lazy_gettext("Code"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=20), CODE],
        description=lazy_gettext(
            "Short and unique, such as CX2026. It stands in certificate numbers."
        ),
    )
    title = StringField(
        lazy_gettext("Title"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=120)],
    )
    year = WholeField(lazy_gettext("Year"), validators=[InputRequired(), NumberRange(2000, 2099)])
    entry_opens_on = DateField(lazy_gettext("First day for entries"), validators=[InputRequired()])
    entry_closes_on = DateField(lazy_gettext("Last day for entries"), validators=[InputRequired()])
    starts_on = DateField(lazy_gettext("First day of the contest"), validators=[InputRequired()])
    ends_on = DateField(lazy_gettext("Last day of the contest"), validators=[InputRequired()])
    age_on = DateField(
        lazy_gettext("Day on which ages count"),
        validators=[Optional()],
        description=lazy_gettext("Empty: ages count on the day of entry."),
    )

    def named(self) -> dict[str, Any]:
        """Return name and dates as typed."""
        return {name: self[name].data for name in _NAMED}


class CopyForm(EditionNameForm):
    """The name and dates of an edition made like an earlier one."""

    def facts(self, earlier: Contest) -> ContestFacts:
        """Return the facts of the new edition; what the form does not ask is as before."""
        kept = {name: getattr(earlier, name) for name in _FACTS if name not in _NAMED}
        return ContestFacts(**kept, **self.named())

    def rules(self, earlier: Contest) -> EditionRules:
        """Return the rules of the new edition."""
        return rules_of(earlier).model_copy(update={"age_on": self.age_on.data})


class DesignsForm(FlaskForm):
    """How papers of each kind look, those of honours aside."""

    class Meta:
        """The form around it has the token."""

        csrf = False

    team = SelectField(coerce=Design)
    coach = SelectField(coerce=Design)
    level = SelectField(coerce=Design)
    participation = SelectField(coerce=Design)
    judge = SelectField(coerce=Design)
    appointment = SelectField(coerce=Design)
    plaque = SelectField(coerce=Design)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        usual = {kind.value: design for kind, design in USUAL_DESIGNS.items()}
        super().__init__(*args, **(usual | kwargs))
        for kind, field in self.by_kind().items():
            field.label.text = label(kind)
            field.choices = [(design.value, label(design)) for design in KIND_DESIGNS[kind]]

    def by_kind(self) -> dict[CertificateKind, SelectField]:
        """Return the field of each kind."""
        return {kind: self[kind.value] for kind in CertificateKind if kind.value in self}

    def chosen(self) -> dict[CertificateKind, Design]:
        """Return what differs from the usual look."""
        found = {kind: field.data for kind, field in self.by_kind().items()}
        return {kind: design for kind, design in found.items() if design != USUAL_DESIGNS[kind]}


class ContestForm(EditionNameForm):
    """An edition with all its facts and rules."""

    level = SelectField(lazy_gettext("Level of the contest"), default=ContestLevel.CITY.value)
    summary = TextAreaField(
        lazy_gettext("What it is about"),
        filters=[strip],
        validators=[Length(max=4000)],
        description=lazy_gettext("Shown on the public page."),
    )
    sponsors = StringField(
        lazy_gettext("Sponsors"),
        filters=[one_line],
        validators=[Length(max=400)],
        description=lazy_gettext("The lead sponsor first; separate names with 、"),
    )
    hosts = StringField(
        lazy_gettext("Hosts"),
        filters=[one_line],
        validators=[Length(max=400)],
        description=lazy_gettext("Schools or companies where the events take place."),
    )
    minimum_age = WholeField(
        lazy_gettext("Minimum age"), validators=[InputRequired(), NumberRange(0, 99)]
    )
    maximum_age = WholeField(
        lazy_gettext("Highest age"),
        validators=[Optional(), NumberRange(0, 120)],
        description=lazy_gettext("Empty: no limit."),
    )
    notice_working_days = WholeField(
        lazy_gettext("Working days of public notice"),
        validators=[InputRequired(), NumberRange(1, 60)],
    )
    objection_days = WholeField(
        lazy_gettext("Working days to answer an objection"),
        validators=[InputRequired(), NumberRange(1, 60)],
    )
    restart_notice = RadioField(
        lazy_gettext("A list that an objection has changed"),
        choices=options(
            [
                ("changed", lazy_gettext("stands anew if its awards changed")),
                ("always", lazy_gettext("always stands anew")),
                ("never", lazy_gettext("stands for the days that were left, at least one")),
            ]
        ),
    )
    restart_scope = RadioField(
        lazy_gettext("The new notice shows"),
        choices=options(
            [
                ("whole", lazy_gettext("the whole list of the event")),
                ("changes", lazy_gettext("what changed, as a supplementary notice")),
            ]
        ),
    )
    count_first_day = RadioField(
        lazy_gettext("The day of posting"),
        choices=options(
            [
                ("no", lazy_gettext("does not count; the notice begins on the next working day")),
                ("yes", lazy_gettext("counts as the first day")),
            ]
        ),
    )
    appeal_minutes = WholeField(
        lazy_gettext("Time for appeals after an event, in minutes"),
        validators=[InputRequired(), NumberRange(0, 14400)],
    )
    tax_exempt = BooleanField(lazy_gettext("The prizes are exempt from income tax"))
    tax_basis = StringField(
        lazy_gettext("Legal basis of the exemption"),
        filters=[one_line],
        validators=[Length(max=400)],
        description=lazy_gettext(
            "Prizes of a city or county are taxed at 20 percent. Only some prizes given by a "
            "provincial government or higher are exempt: ask the tax office."
        ),
    )
    certificate_prefix = StringField(
        lazy_gettext("Certificate numbers begin with"),
        filters=[tidy],
        validators=[
            DataRequired(),
            Regexp(r"^[0-9A-Z]{1,6}$", message=lazy_gettext("1 to 6 capital letters or figures.")),
        ],
    )
    certificate_design = SelectField(lazy_gettext("Look of the certificates"), coerce=Design)
    kind_designs = FormField(DesignsForm, lazy_gettext("Look of other papers"))
    certificate_templates = SelectMultipleField(
        lazy_gettext("Designs of the bureau"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=lazy_gettext(
            "One for a kind of paper at most; it goes before the look chosen above."
        ),
    )
    contest_class = StringField(
        lazy_gettext("Class of the contest"),
        filters=[one_line],
        validators=[Length(max=20)],
        description=lazy_gettext(
            "As the superior's list names it, such as 一类 or 二类. Rules on levels may ask for it."
        ),
    )
    reason = StringField(
        lazy_gettext("Reason of the amendment"),
        filters=[one_line],
        validators=[Length(max=400)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = [(level.value, label(level)) for level in ContestLevel]
        self.certificate_design.choices = [(design.value, label(design)) for design in Design]
        self._designs = {one.id: one for one in designs_choices.list_choices()}
        self.certificate_templates.choices = options(
            (str(one.id), f"{one.title} · {label(one.kind)}") for one in self._designs.values()
        )

    def validate_certificate_templates(self, field: SelectMultipleField) -> None:
        """Refuse two designs for the same kind of paper."""
        kinds = [self._designs[key].kind for key in field.data or () if key in self._designs]
        if len(kinds) != len(set(kinds)):
            raise ValidationError(gettext("Choose one design for a kind of paper at most."))

    def facts(self) -> ContestFacts:
        """Return the facts as typed."""
        return ContestFacts(**{name: self[name].data for name in _FACTS})

    def rules(self, present: EditionRules | None = None) -> EditionRules:
        """Return the rules as typed; what the form does not ask is as at present."""
        values = {name: self[name].data for name in _RULES}
        values["kind_designs"] = self.kind_designs.form.chosen()
        values["count_first_day"] = self.count_first_day.data == "yes"
        chosen = [self._designs[key] for key in self.certificate_templates.data or ()]
        values["certificate_templates"] = tuple(
            TemplateChoice(kind=one.kind, template=one.id) for one in chosen
        )
        kept = {} if present is None else {name: getattr(present, name) for name in _ELSEWHERE}
        return EditionRules(**values, **kept)


class ReasonForm(ActForm):
    """A reason for something that cannot be undone."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


def contest_values(contest: Contest) -> dict[str, Any]:
    """Return an edition as its form shows it."""
    values = {name: getattr(contest, name) for name in (*_FACTS, "version")}
    return values | _rule_values(rules_of(contest))


def new_values(year: int) -> dict[str, Any]:
    """Return what the form of a new edition begins with."""
    return {"year": year} | _rule_values(EditionRules())


def _rule_values(rules: EditionRules) -> dict[str, Any]:
    shown = {"count_first_day": "yes" if rules.count_first_day else "no"}
    chosen = [one.template for one in rules.certificate_templates]
    return dict(rules) | shown | {"certificate_templates": chosen}


def copy_values(earlier: Contest, today: date) -> dict[str, Any]:
    """Guess name and dates of the next edition: the same days, some years later."""
    year = max(today.year, earlier.year + 1)
    years = year - earlier.year
    code = earlier.code.replace(str(earlier.year), str(year))
    values: dict[str, Any] = {
        "year": year,
        "code": code if code != earlier.code else f"{earlier.code}-{year}"[:20],
        "title": next_title(earlier.title, earlier.year, year),
    }
    for name in DATES:
        values[name] = _later(getattr(earlier, name), years)
    age_on = rules_of(earlier).age_on
    return values | {"age_on": age_on and _later(age_on, years)}


def _later(day: date, years: int) -> date:
    last_of_february = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28 if last_of_february else day.day)
