"""The rules of a contest above the city's as forms: one for each of their parts."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.fields import ExactField, RowForm, WholeField
from blueprints.forms import CheckboxesField, VersionedForm, one_line, options
from blueprints.labels import label
from rules.provincial import EntrantStatus, EventFormat, Medal
from rules.provincial_rules import CityPrize, ExternalHonour, FormColumn, ProvincialRules
from rules.provincial_rules import FormField as Held
from rules.texts import N_

_BETWEEN = re.compile(r"\s*[、;；,，]\s*")
FORMER = {
    "start": N_("They start like everybody else"),
    "out_of_competition": N_("They start out of competition"),
    "barred": N_("They may not start"),
}
BASIS = {"gross": N_("before tax"), "net": N_("after tax")}


def _whole(title: Any, least: int, most: int, needed: bool = True, **more: Any) -> WholeField:
    first = InputRequired() if needed else Optional()
    return WholeField(title, validators=[first, NumberRange(least, most)], **more)


def _statuses(title: Any) -> CheckboxesField:
    return CheckboxesField(title, choices=lambda: _coded(EntrantStatus), default=[*EntrantStatus])


def _coded(kinds: Any) -> list[Any]:
    return options((one.value, label(one)) for one in kinds)


class PartForm(VersionedForm):
    """One part of the rules; all others stay as they are."""

    names: Sequence[str] = ()

    def show(self, rules: ProvincialRules) -> None:
        """Show the part as it is."""
        for name in self.names:
            value = getattr(rules, name)
            self[name].data = sorted(value) if isinstance(value, frozenset) else value

    def changes(self) -> dict[str, Any]:
        """Return what the form changes in the rules."""
        return {name: self[name].data for name in self.names}

    @property
    def singles(self) -> list[Field]:
        """Return the fields that are no rows and not hidden."""
        return [one for one in self if not isinstance(one, FieldList | HiddenField)]

    @property
    def rows(self) -> Any:
        """Return the rows of the part, if it has any."""
        return next((one for one in self if isinstance(one, FieldList)), None)


class StartersForm(PartForm):
    """Who may start."""

    names = ("minimum_age", "maximum_age", "age_on", "statuses", "former", "most_events",
             "most_coaches", "short_teams")  # fmt: skip
    minimum_age = _whole(lazy_gettext("Lowest age"), 0, 100)
    maximum_age = _whole(lazy_gettext("Highest age"), 16, 100, needed=False)
    age_on = DateField(
        lazy_gettext("Ages count on"),
        validators=[Optional()],
        description=lazy_gettext("Without a day: on the day on which the form is sent."),
    )
    statuses = _statuses(lazy_gettext("Who may start"))
    titles = StringField(
        lazy_gettext("Titles of former winners"),
        filters=[one_line],
        validators=[Length(max=400)],
        description=lazy_gettext("Several with 、 between them, as the register names them."),
    )
    former = SelectField(
        lazy_gettext("Who bears one of these titles"),
        choices=lambda: options((key, lazy_gettext(text)) for key, text in FORMER.items()),
    )
    most_events = _whole(lazy_gettext("Events of one person, at most"), 1, 10)
    most_coaches = _whole(lazy_gettext("Coaches of an entry, at most"), 0, 10)
    short_teams = BooleanField(lazy_gettext("A team may start with a member missing"))

    def show(self, rules: ProvincialRules) -> None:
        """Show the part as it is."""
        super().show(rules)
        self.titles.data = "、".join(rules.barred_titles)

    def changes(self) -> dict[str, Any]:
        """Return what the form changes in the rules."""
        titles = [one for one in _BETWEEN.split(self.titles.data or "") if one]
        return super().changes() | {"barred_titles": titles}


class ChangesForm(PartForm):
    """What naming asks for, and until when an entry that was sent may be changed."""

    names = ("training_days", "changes_until", "changes_need_proof", "changes_most",
             "withdraw_always")  # fmt: skip
    training_days = _whole(
        lazy_gettext("Days of training before somebody is named"),
        0,
        200,
        description=lazy_gettext("0: no training is asked for."),
    )
    changes_until = DateField(
        lazy_gettext("Entrants may be replaced until"),
        validators=[Optional()],
        description=lazy_gettext("Without a day nobody is replaced after the form was sent."),
    )
    changes_most = _whole(lazy_gettext("Entrants replaced, at most"), 0, 100, needed=False)
    changes_need_proof = BooleanField(lazy_gettext("Each change needs a proof"))
    withdraw_always = BooleanField(lazy_gettext("A place may be given back on any day"))


class MedalsForm(PartForm):
    """What a medal counts in the table of delegations."""

    gold = _whole(lazy_gettext("Gold medal"), 0, 99)
    silver = _whole(lazy_gettext("Silver medal"), 0, 99)
    bronze = _whole(lazy_gettext("Bronze medal"), 0, 99)
    medallion = _whole(lazy_gettext("Medallion of excellence"), 0, 99)

    def show(self, rules: ProvincialRules) -> None:
        """Show the points."""
        for medal in Medal:
            self[medal.value].data = rules.medal_points.get(medal, 0)

    def changes(self) -> dict[str, Any]:
        """Return the points."""
        return {"medal_points": {one.value: self[one.value].data for one in Medal}}


class PrizeRow(RowForm):
    """A prize of the city; the first that fits a result counts."""

    new, key = HiddenField(), HiddenField()
    title = StringField(
        lazy_gettext("Name of the prize"), filters=[one_line], validators=[DataRequired(),
                                                                          Length(max=60)]
    )  # fmt: skip
    rank_from = _whole(lazy_gettext("From rank"), 1, 999, needed=False)
    rank_to = _whole(lazy_gettext("To rank"), 1, 999, needed=False)
    medal = SelectField(
        lazy_gettext("Medal"),
        choices=lambda: [*options([("", "–")]), *_coded(Medal)],
        validators=[Optional()],
    )
    prize = StringField(
        lazy_gettext("Prize of the organiser"), filters=[one_line], validators=[Length(max=40)]
    )
    formats = CheckboxesField(lazy_gettext("Formats"), choices=lambda: _coded(EventFormat))
    amount = ExactField(
        lazy_gettext("Amount of an entry in yuan"),
        default=Decimal(0),
        validators=[InputRequired(), NumberRange(0, 100_000_000)],
    )
    coach_alike = BooleanField(lazy_gettext("Coaches get the same"))
    coach_amount = ExactField(
        lazy_gettext("Else coaches get in yuan"),
        default=Decimal(0),
        validators=[Optional(), NumberRange(0, 100_000_000)],
    )


class PrizesForm(PartForm):
    """What the city pays for a result."""

    names = ("amount_basis", "notice")
    amount_basis = SelectField(
        lazy_gettext("Amounts are"),
        choices=lambda: options((key, lazy_gettext(text)) for key, text in BASIS.items()),
    )
    notice = BooleanField(lazy_gettext("The prizes are put up for objections before they are paid"))
    prizes = FieldList(FormField(PrizeRow), lazy_gettext("Prizes of the city"))

    def show(self, rules: ProvincialRules) -> None:
        """Show the prizes as they are."""
        super().show(rules)
        for one in rules.prizes:
            self.prizes.append_entry(dict(one) | {"formats": sorted(one.formats)})

    def changes(self) -> dict[str, Any]:
        """Return the prizes; a new one gets a key of its own."""
        rows = [_given(row.form) for row in self.prizes]
        used = {one["key"] for one in rows}
        for one in rows:
            if not one["key"]:
                one["key"] = next(key for n in range(1, 99) if (key := f"prize_{n}") not in used)
                used.add(one["key"])
            one["medal"] = one["medal"] or None
            one["coach_amount"] = one["coach_amount"] or Decimal(0)
        read = [CityPrize.model_validate(one).model_dump(mode="json") for one in rows]
        return super().changes() | {"prizes": read}


class HonourRow(RowForm):
    """A title that a rank gives."""

    new = HiddenField()
    title = StringField(
        lazy_gettext("Title of honour"), filters=[one_line], validators=[DataRequired(),
                                                                         Length(max=60)]
    )  # fmt: skip
    granted_by = StringField(
        lazy_gettext("Granted by"), filters=[one_line], validators=[Length(max=60)]
    )
    single = _whole(lazy_gettext("Single: down to rank"), 0, 999, default=0)
    pair = _whole(lazy_gettext("Pair: down to rank"), 0, 999, default=0)
    triple = _whole(lazy_gettext("Team of three: down to rank"), 0, 999, default=0)
    statuses = CheckboxesField(
        lazy_gettext("Given to"),
        choices=lambda: _coded(EntrantStatus),
        default=[EntrantStatus.STAFF, EntrantStatus.TEACHER],
    )
    only_demonstration = BooleanField(lazy_gettext("In demonstration events alone"))


class HonoursForm(PartForm):
    """Titles that a place in the contest gives."""

    honours = FieldList(FormField(HonourRow), lazy_gettext("Titles"))

    def show(self, rules: ProvincialRules) -> None:
        """Show the titles as they are."""
        for one in rules.honours:
            ranks = {form.value: one.to_rank.get(form, 0) for form in EventFormat}
            self.honours.append_entry(dict(one) | ranks | {"statuses": sorted(one.statuses)})

    def changes(self) -> dict[str, Any]:
        """Return the titles."""
        found = []
        for row in self.honours:
            given = _given(row.form)
            ranks = {form.value: given.pop(form.value) for form in EventFormat}
            given["to_rank"] = {key: rank for key, rank in ranks.items() if rank}
            found.append(ExternalHonour.model_validate(given).model_dump(mode="json"))
        return {"honours": found}


class ColumnRow(RowForm):
    """A column of the organiser's spreadsheet."""

    new = HiddenField()
    field = SelectField(lazy_gettext("What the column holds"), choices=lambda: _coded(Held))
    heading = StringField(
        lazy_gettext("Heading"), filters=[one_line], validators=[DataRequired(), Length(max=40)]
    )
    needed = BooleanField(lazy_gettext("Must be filled in"))


class ColumnsForm(PartForm):
    """The columns of the organiser's entry form, in their order."""

    columns = FieldList(FormField(ColumnRow), lazy_gettext("Columns"))

    def show(self, rules: ProvincialRules) -> None:
        """Show the columns as they are."""
        for one in rules.columns:
            self.columns.append_entry(dict(one))

    def changes(self) -> dict[str, Any]:
        """Return the columns."""
        rows = [FormColumn.model_validate(_given(row.form)) for row in self.columns]
        return {"columns": [one.model_dump(mode="json") for one in rows]}


def _given(form: Any) -> dict[str, Any]:
    found = {one.short_name: one.data for one in form if one.short_name != "new"}
    texts = {one.short_name for one in form if isinstance(one, StringField)}
    return {name: "" if data is None and name in texts else data for name, data in found.items()}


PARTS: dict[str, tuple[str, type[PartForm]]] = {
    "starters": (N_("Who may start"), StartersForm),
    "changes": (N_("Naming and changes"), ChangesForm),
    "prizes": (N_("Prizes of the city"), PrizesForm),
    "honours": (N_("Titles of honour"), HonoursForm),
    "medals": (N_("Medal points"), MedalsForm),
    "columns": (N_("Columns of the entry form"), ColumnsForm),
}
