"""The form of a clause: its words, its conditions, its waivers; and of one condition."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from pydantic import TypeAdapter, ValidationError
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, Field, FieldList, FormField, HiddenField, SelectField
from wtforms import StringField as Line
from wtforms.validators import Length, NumberRange, Optional, Regexp

from blueprints.fields import ExactField, RowForm, WholeField
from blueprints.forms import ActForm, CheckboxesField, one_line, options
from blueprints.labels import LEVELS, label
from blueprints.labels_conditions import KINDS, SEXES
from blueprints.rows import changed
from blueprints.rule_rows import coded, parts_of
from rules.honours import HonourLevel
from rules.refusals import Refused
from rules.selection_conditions import Condition
from rules.selection_rounds import Clause, Waiver
from rules.selections import Channel, EvidenceKind, Post, UnitKind
from rules.texts import N_

# Which fields of the form belong to which kind, and what they are called in the rules.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "in_trade": {"years": "years"},
    "local": {"months": "months"},
    "level": {"skill": "level"},
    "age": {"low": "at_least", "high": "at_most", "on": "on"},
    "before_retirement": {"years": "years"},
    "works": {"posts": "posts", "units": "units"},
    "occupation": {"words": "words"},
    "bears": {"titles": "titles", "level": "level", "within_years": "within_years"},
    "placed": {"level": "level", "rank": "rank", "within_years": "within_years"},
    "shows": {"kinds": "kinds", "count": "count", "level": "level", "within_years": "within_years"},
    "taught": {"persons": "persons", "passed": "passed", "within_years": "within_years"},
    "supported": {"percent": "percent"},
    "declares": {"field": "field", "answers": "answers"},
    "sex": {"sex": "sex"},
    "district": {"districts": "districts"},
    "came": {"channels": "channels"},
    "barred": {},
    "holds": {"programme": "programme", "tiers": "tiers", "years": "years"},
}
_TEXTS = ("words", "titles", "answers", "districts", "tiers")
INCOMPLETE = N_("Give each condition what it asks for, and the thing its words.")
_READER: TypeAdapter[Condition] = TypeAdapter(Condition)


def _number(title: Any, low: int = 0, high: int = 1000) -> WholeField:
    return WholeField(title, validators=[Optional(), NumberRange(low, high)])


def _several(title: Any) -> Line:
    return Line(
        title,
        filters=[one_line],
        validators=[Length(max=2000)],
        description=lazy_gettext("Separate several with 、"),
    )


class ConditionForm(RowForm):
    """A condition; of its fields only those of its kind are shown and read."""

    new = HiddenField()
    kind = HiddenField()
    part = HiddenField(default="0")
    years = _number(lazy_gettext("Years, at least"), 0, 60)
    months = _number(lazy_gettext("Months, at least"), 0, 600)
    skill = SelectField(lazy_gettext("Skill level, or higher"), validate_choice=False)
    low = _number(lazy_gettext("Age, at least"), 0, 120)
    high = _number(lazy_gettext("Age, at most"), 0, 120)
    on = DateField(lazy_gettext("on the day"), validators=[Optional()])
    posts = CheckboxesField(lazy_gettext("Posts"), choices=coded(Post))
    units = CheckboxesField(lazy_gettext("Units"), choices=coded(UnitKind))
    words = _several(lazy_gettext("Words in the occupation"))
    titles = _several(lazy_gettext("Titles"))
    level = SelectField(lazy_gettext("Level, or higher"), validate_choice=False)
    within_years = _number(lazy_gettext("within so many years"), 1, 60)
    rank = _number(lazy_gettext("Place, this good or better"), 1)
    kinds = CheckboxesField(lazy_gettext("Achievements"), choices=coded(EvidenceKind))
    count = _number(lazy_gettext("So many, at least"), 1)
    persons = _number(lazy_gettext("Apprentices, at least"), 1)
    passed = BooleanField(lazy_gettext("who passed"))
    percent = ExactField(
        lazy_gettext("Percent of the staff"), validators=[Optional(), NumberRange(0, 100)]
    )
    field = SelectField(lazy_gettext("Question"), validate_choice=False)
    answers = _several(lazy_gettext("Answers that count"))
    sex = SelectField(
        lazy_gettext("Sex"), choices=lambda: options(SEXES.items()), validate_choice=False
    )
    districts = _several(lazy_gettext("Districts"))
    channels = CheckboxesField(lazy_gettext("Ways of application"), choices=coded(Channel))
    programme = Line(
        lazy_gettext("Code of the programme"),
        filters=[one_line],
        validators=[Length(max=20)],
        description=lazy_gettext("Empty: this programme."),
    )
    tiers = _several(lazy_gettext("Keys of tiers"))

    def offer(self, questions: Mapping[str, str]) -> None:
        """Offer levels, and the questions of a form by their keys."""
        self.skill.choices = options((str(n), gettext(text)) for n, text in LEVELS.items())
        levels = [(one.value, label(one)) for one in HonourLevel]
        self.level.choices = options([("", gettext("any level")), *levels])
        known = dict(questions)
        known.setdefault(self.field.data or "", self.field.data or gettext("(choose)"))
        self.field.choices = options(known.items())

    @property
    def title(self) -> str:
        """Say what kind of condition this is."""
        return str(KINDS.get(self.kind.data or "", "–"))

    @property
    def shown(self) -> list[Field]:
        """Return the fields of the kind."""
        return [self[name] for name in FIELDS.get(self.kind.data or "", {})]

    def condition(self) -> Condition:
        """Return the condition as typed; raise a validation error."""
        kind = self.kind.data or ""
        values: dict[str, Any] = {"kind": kind}
        for name, stored in FIELDS.get(kind, {}).items():
            data = parts_of(self[name].data) if name in _TEXTS else self[name].data
            if data not in (None, "", []):
                values[stored] = tuple(data) if isinstance(data, list) else data
        return _READER.validate_python(values)


def condition_values(one: Condition, part: int = 0) -> dict[str, Any]:
    """Return a condition as its form shows it."""
    found: dict[str, Any] = {"kind": one.kind, "part": str(part)}
    for name, stored in FIELDS[one.kind].items():
        data = getattr(one, stored)
        found[name] = "、".join(data) if name in _TEXTS else data
        if name == "skill":
            found[name] = str(data)
        if name in ("posts", "units", "kinds", "level") and data:
            found[name] = [str(x.value) for x in data] if isinstance(data, tuple) else data.value
    return found


class WaiverForm(RowForm):
    """The words of a waiver; its conditions stand among the others, with its number."""

    new = HiddenField()
    text = Line(
        lazy_gettext("Words of the waiver"), filters=[one_line], validators=[Length(max=400)]
    )


class ClauseForm(ActForm):
    """A clause: its words, its conditions, its waivers; ``base`` is the digest of the rules."""

    base = HiddenField(validators=[Regexp(r"^[0-9a-f]{64}$")])
    number = Line(
        lazy_gettext("Number in the call"), filters=[one_line], validators=[Length(max=40)]
    )
    text = Line(
        lazy_gettext("As the call words it"), filters=[one_line], validators=[Length(max=400)]
    )
    conditions = FieldList(FormField(ConditionForm))
    waivers = FieldList(FormField(WaiverForm))

    def offer(self, questions: Mapping[str, str]) -> None:
        """Offer levels, and the questions of a form by their keys."""
        for row in self.conditions:
            row.form.offer(questions)

    def of_part(self, part: int) -> list[tuple[int, ConditionForm]]:
        """Return the conditions of the thing itself (0), or of one of its waivers."""
        return [
            (place, row.form)
            for place, row in enumerate(self.conditions)
            if (row.form.part.data or "0") == str(part)
        ]

    def read_part(self, part: int) -> tuple[Condition, ...]:
        """Return the conditions of a part as typed."""
        return tuple(form.condition() for _, form in self.of_part(part))

    def clause(self, key: str, tiers: tuple[str, ...] = ()) -> Clause:
        """Return the clause as typed; refuse one whose words or conditions are missing."""
        try:
            return Clause(
                key=key,
                number=self.number.data or "",
                text=self.text.data or "",
                all_of=self.read_part(0),
                waivers=self.read_waivers(),
                tiers=tiers,
            )
        except ValidationError as error:
            raise Refused(INCOMPLETE) from error

    def read_waivers(self) -> tuple[dict[str, Any], ...]:
        """Return the waivers as typed."""
        return tuple(
            {"text": row.form.text.data or "", "all_of": self.read_part(number)}
            for number, row in enumerate(self.waivers, start=1)
        )


def with_condition(typed: MultiDict[str, str], part: str) -> MultiDict[str, str]:
    """Return what was typed with one more condition of the chosen kind."""
    rows = (re.match(r"conditions-([0-9]{1,4})-", key) for key in typed)
    places = [int(found[1]) for found in rows if found]
    place, kind = max(places, default=-1) + 1, typed.get(f"kind_{part}", "in_trade")
    more = [(f"conditions-{place}-kind", kind), (f"conditions-{place}-part", part)]
    return MultiDict([*typed.items(multi=True), *more])


def without_waiver(typed: MultiDict[str, str], index: int) -> MultiDict[str, str]:
    """Return what was typed without the conditions of a waiver; later ones move up."""
    parts = {key: typed[key] for key in typed if re.fullmatch(r"conditions-[0-9]{1,4}-part", key)}
    gone = {key[: -len("part")] for key, part in parts.items() if part == str(index + 1)}
    left = []
    for key, value in typed.items(multi=True):
        if any(key.startswith(start) for start in gone):
            continue
        moves = key in parts and value.isdecimal() and int(value) > index + 1
        left.append((key, str(int(value) - 1) if moves else value))
    return MultiDict(left)


def typed_after(typed: MultiDict[str, str], change: str) -> MultiDict[str, str]:
    """Return what was typed after a change of conditions, waivers or other rows."""
    name, _, what = change.partition(":")
    verb, _, place = what.partition(":")
    if name == "conditions" and verb == "new":
        return with_condition(typed, place)
    if name == "waivers" and verb == "remove" and place.isdecimal() and len(place) < 4:
        typed = without_waiver(typed, int(place))
    return changed(typed, change)


def clause_values(own: Sequence[Condition], waivers: Sequence[Waiver] = ()) -> dict[str, Any]:
    """Return the conditions and waivers of a thing as its form shows them."""
    conditions = [condition_values(condition) for condition in own]
    for number, waiver in enumerate(waivers, start=1):
        conditions += [condition_values(condition, number) for condition in waiver.all_of]
    return {"conditions": conditions, "waivers": [{"text": one.text} for one in waivers]}
