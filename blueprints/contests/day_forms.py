"""The form of the rules of the contest day: every field of DayRules, under its own name."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from blueprints.contests import day_texts
from blueprints.fields import ExactField, WholeField, one_line
from blueprints.forms import CheckboxesField, VersionedForm
from models.contests import Contest
from rules.days import DayRules
from services.contests import rules_of

HIGHEST_ANSWER = 14400
SMALLEST = Decimal("0.01")


def _percent(label: Any, description: Any = "", lowest: Decimal = Decimal(0)) -> ExactField:
    limits = [InputRequired(), NumberRange(lowest, Decimal(100))]
    return ExactField(label, validators=limits, description=description)


def _minutes(label: Any, most: int, description: Any = "") -> WholeField:
    limits = [InputRequired(), NumberRange(0, most)]
    return WholeField(label, validators=limits, description=description)


class DayForm(VersionedForm):
    """All settings of the contest day."""

    conflicts = RadioField(
        lazy_gettext("A judge with own people in an event"),
        description=lazy_gettext(
            "Own people are those of the same employer, kin, pupils and apprentices. In events "
            "with several stages such judges are never seated."
        ),
    )
    code_layers = SelectField(
        lazy_gettext("Work codes"),
        coerce=int,
        description=lazy_gettext(
            "Sealed layers are made by different people. Until they are opened, nobody, not even "
            "the administrator, can tell whose work is whose."
        ),
    )
    escrow = BooleanField(lazy_gettext("A second keyholder can open each layer"))
    arrival_minutes = _minutes(lazy_gettext("Contestants come so many minutes before"), 240)
    late_minutes = _minutes(
        lazy_gettext("Minutes after which a late contestant has forfeited"),
        240,
        lazy_gettext("Counted from the call. The system proposes it, a person decides."),
    )
    draw_among = SelectField(lazy_gettext("Stations are drawn among"))
    spread_employers = BooleanField(
        lazy_gettext("People of one employer do not sit side by side where that is possible")
    )
    screen_names = SelectField(lazy_gettext("The screen of the hall shows"))
    running_total = BooleanField(lazy_gettext("Judges see their own total"))
    double_keying = BooleanField(lazy_gettext("Paper sheets are keyed by two clerks"))
    signoff = CheckboxesField(
        lazy_gettext("Besides the judge and the chief judge, these sign"),
    )
    check_top_percent = _percent(lazy_gettext("Top places that are checked again"))
    check_random_percent = _percent(lazy_gettext("Drawn from the rest"))
    check_error_percent = _percent(
        lazy_gettext("All are checked above"), lazy_gettext("Percent of checked sheets with errors")
    )
    check_risk_percent = _percent(
        lazy_gettext("Risk of a wrong order that remains"), lowest=SMALLEST
    )
    check_largest_percent = _percent(
        lazy_gettext("Largest error that is thought of"), lowest=SMALLEST
    )
    reopening_people = RadioField(lazy_gettext("Confirmed marks are opened again by"), coerce=int)
    appeal_clock_start = RadioField(lazy_gettext("The time for appeals runs from"))
    appeal_answer_minutes = _minutes(lazy_gettext("Minutes to answer an appeal"), HIGHEST_ANSWER)
    appeal_kinds = CheckboxesField(lazy_gettext("Appeals are taken about"))
    appeal_leader_kinds = CheckboxesField(lazy_gettext("Of these only from the team leader"))
    appeal_votes = WholeField(
        lazy_gettext("Members of the group who must vote"),
        validators=[InputRequired(), NumberRange(1, 9)],
    )
    appeal_stages = RadioField(lazy_gettext("Stages of an appeal"), coerce=int)
    appeal_second_minutes = WholeField(
        lazy_gettext("Minutes to ask for the second stage"),
        validators=[InputRequired(), NumberRange(1, 10080)],
    )
    own_chain = BooleanField(lazy_gettext("Contestants see how their own result came about"))
    board = RadioField(lazy_gettext("Live board"))
    board_freeze_minutes = _minutes(
        lazy_gettext("Minutes at the end in which the board stands still"), 1440
    )
    board_names = BooleanField(lazy_gettext("The board names people once results are signed"))
    board_seconds = WholeField(
        lazy_gettext("Seconds between two states of the board"),
        validators=[InputRequired(), NumberRange(2, 600)],
    )
    reason = StringField(
        lazy_gettext("Reason of the amendment"),
        filters=[one_line],
        validators=[Length(max=400)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code_layers.choices = _said(day_texts.LAYERS)
        self.reopening_people.choices = _said(day_texts.REOPENING)
        self.appeal_stages.choices = _said(day_texts.STAGES)
        for name, words in day_texts.CHOICES.items():
            self[name].choices = _said(words)

    def day(self) -> DayRules:
        """Return the rules as typed; the steps of the sign-off stand in their own order."""
        values = {name: self[name].data for name in DayRules.model_fields}
        for name in ("signoff", "appeal_kinds", "appeal_leader_kinds"):
            ticked = set(self[name].data or ())
            values[name] = tuple(one for one in day_texts.CHOICES[name] if one in ticked)
        return DayRules(**values)


def _said(words: Any) -> list[tuple[Any, str]]:
    return [(value, gettext(text)) for value, text in words.items()]


def day_values(contest: Contest) -> dict[str, Any]:
    """Return the rules of the day of an edition as their form shows them."""
    return dict(rules_of(contest).day) | {"version": contest.version}
