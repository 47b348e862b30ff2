"""The form of a yearly report: numbers, texts, and money by what it was spent on."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext
from wtforms import DecimalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import NumberInput

from blueprints.forms import VersionedForm, one_line, options, strip
from blueprints.labels import label
from models.workshops import WorkshopReport
from rules.workshops import Grade, Spending
from services.workshops_lists import facts_of
from services.workshops_reports import NUMBERS, TEXTS, ReportFacts

MOST = 100_000
MOST_MONEY = Decimal(1_000_000_000)


def _number(text: Any) -> Any:
    return IntegerField(
        text,
        default=0,
        widget=NumberInput(min=0, max=MOST),
        validators=[InputRequired(), NumberRange(0, MOST)],
    )


def _money(text: Any) -> Any:
    return DecimalField(
        text,
        places=2,
        widget=NumberInput(min=0, step="0.01"),
        validators=[Optional(), NumberRange(0, MOST_MONEY)],
    )


def _area(text: Any) -> Any:
    return TextAreaField(text, filters=[strip], validators=[Length(max=6000)])


class ReportForm(VersionedForm):
    """What a workshop did in a year."""

    apprentices = _number(lazy_gettext("Apprentices with an agreement"))
    trained = _number(lazy_gettext("People trained"))
    highly_skilled = _number(lazy_gettext("of them highly skilled (level 3 and above)"))
    breakthroughs = _number(lazy_gettext("Technical breakthroughs"))
    patents = _number(lazy_gettext("Patents"))
    exchanges = _number(lazy_gettext("Exchanges of skills"))
    activities = _area(lazy_gettext("Activities of the year"))
    results = _area(lazy_gettext("Results and what they brought"))
    next_plan = _area(lazy_gettext("Plan for the next year"))
    spent_training = _money(lazy_gettext("Training of people"))
    spent_research = _money(lazy_gettext("Technical research"))
    spent_exchange = _money(lazy_gettext("Exchange of skills"))
    spent_equipment = _money(lazy_gettext("Equipment bought"))
    spent_other = _money(lazy_gettext("Other spending"))
    note_other = StringField(
        lazy_gettext("What the other money was for"),
        filters=[one_line],
        validators=[Length(max=200)],
    )
    own_grade = SelectField(lazy_gettext("Own grade"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_grade.choices = [("", "–"), *options((one.value, label(one)) for one in Grade)]

    def show(self, report: WorkshopReport | None) -> None:
        """Fill in what is stored."""
        facts = facts_of(report)
        for key in (*NUMBERS, *TEXTS):
            stored = facts.numbers.get(key) if key in NUMBERS else facts.texts.get(key)
            self._fields[key].data = stored or self._fields[key].data
        for category in Spending:
            self._fields[f"spent_{category.value}"].data = facts.spent.get(category)
        self.note_other.data = facts.notes.get(Spending.OTHER, "")
        self.own_grade.data = "" if facts.own_grade is None else facts.own_grade.value
        if report is not None:
            self.version.data = str(report.version)

    def facts(self) -> ReportFacts:
        """Return what was typed, as plain values."""
        spent = {one: self._fields[f"spent_{one.value}"].data for one in Spending}
        grade = self.own_grade.data
        return ReportFacts(
            {key: int(self._fields[key].data or 0) for key in NUMBERS},
            {key: self._fields[key].data or "" for key in TEXTS},
            Grade(grade) if grade else None,
            {one: amount for one, amount in spent.items() if amount},
            {Spending.OTHER: self.note_other.data or ""},
        )
