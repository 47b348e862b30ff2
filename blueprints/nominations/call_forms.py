"""Forms of a call and of its lists: what the superior's paper says, as data of the call."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext
from wtforms import BooleanField, DateField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from blueprints.fields import WholeField
from blueprints.forms import ActForm, VersionedForm, options, strip
from blueprints.labels import label
from blueprints.rule_rows import (
    KeptRow,
    RuleRowForm,
    maybe_number,
    needed_line,
    parts_of,
    read_rows,
    rows_of,
    said,
    text_line,
    whole_number,
)
from models.nominations import NominationCall
from rules.data import RuleData
from rules.honours import HonourLevel
from rules.nomination_rules import CallList, CallRules, Material, SuperiorForm
from rules.nominations import Nominee
from rules.texts import N_
from services.nominations import UPPER, CallFacts, rules_of

CLAUSES = ("basics", "routes", "exclusions")
REACH = {
    "round": N_("within the round of the superior"),
    "level": N_("within all open calls of its level"),
}
WHO = {Nominee.PERSON.value: N_("People"), Nominee.EMPLOYER.value: N_("Employers")}
# Fields of the form that stand in the rules as they are.
_PLAIN = (
    "sender",
    "counts_on",
    "notice_days",
    "completion_days",
    "counts_first_day",
    "bars_central",
    "bars_winners",
    "one_route",
    "preferred_rank",
)
_FACTS = ("title", "year", "superior", "document", "round_key", "contact")


class ListRow(RuleRowForm):
    """One list of a call; its clauses and papers have a page of their own."""

    key = HiddenField()
    title = needed_line(lazy_gettext("Title that is granted"), 80)
    of = SelectField(lazy_gettext("Who"), choices=lambda: said(WHO))
    places = whole_number(lazy_gettext("Places"), 1, 1000)
    pages = maybe_number(lazy_gettext("Most pages of a pack"), 1, 1000)

    def emptied(self) -> tuple[str, ...]:
        """Let a pack be as long as it is."""
        return ("pages",)


class CallForm(VersionedForm):
    """What the superior's paper says, with its lists and our own steps."""

    title = needed_line(lazy_gettext("Title of the call"), 120)
    level = SelectField(lazy_gettext("Level of the title"), validators=[InputRequired()])
    year = WholeField(lazy_gettext("Year"), validators=[InputRequired(), NumberRange(2000, 2100)])
    superior = needed_line(lazy_gettext("Who calls"), 200)
    document = needed_line(lazy_gettext("Document number"), 160)
    round_key = text_line(
        lazy_gettext("Round of the superior"),
        80,
        description=lazy_gettext(
            "Two papers about one round bear the same; empty: document and year."
        ),
    )
    own_until = DateField(lazy_gettext("Our own deadline"), validators=[InputRequired()])
    superior_until = DateField(
        lazy_gettext("The superior's deadline"), validators=[InputRequired()]
    )
    contact = text_line(lazy_gettext("Who answers questions"), 200)
    lists = rows_of(ListRow, lazy_gettext("Lists and places"))
    bars_winners = BooleanField(lazy_gettext("Whoever bears the title already may not stand"))
    bars_central = BooleanField(
        lazy_gettext("Staff of central enterprises may not stand: they have a way of their own")
    )
    central_names = TextAreaField(
        lazy_gettext("Words in the names of such units"),
        filters=[strip],
        validators=[Length(max=4000)],
        description=lazy_gettext("Separate several with 、"),
    )
    one_route = SelectField(
        lazy_gettext("A candidate has one route only"), choices=lambda: said(REACH)
    )
    preferred_rank = whole_number(
        lazy_gettext("Contest places up to this one are an advantage"),
        0,
        100,
        description=lazy_gettext("0: no place is."),
    )
    sender = needed_line(lazy_gettext("Who recommends"), 120)
    counts_on = DateField(lazy_gettext("Ages and years count on"), validators=[InputRequired()])
    notice_days = whole_number(lazy_gettext("Working days of our notice"), 1, 30)
    counts_first_day = BooleanField(lazy_gettext("The day of posting counts"))
    completion_days = whole_number(lazy_gettext("Working days to complete a proposal"), 1, 30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = options((one.value, label(one)) for one in UPPER)

    @staticmethod
    def values(rules: CallRules) -> dict[str, Any]:
        """Return the rules as the form shows them."""
        found: dict[str, Any] = {name: getattr(rules, name) for name in _PLAIN}
        found["lists"] = [dict(one) | {"of": one.of.value} for one in rules.lists]
        return found | {"central_names": "、".join(rules.central_names)}

    @classmethod
    def stored(cls, row: NominationCall) -> dict[str, Any]:
        """Return a stored call as the form shows it."""
        facts = {name: getattr(row, name) for name in _FACTS}
        days = {"own_until": row.own_until, "superior_until": row.superior_until}
        return {
            **facts, **days, "level": row.level.value, "version": str(row.version),
            **cls.values(rules_of(row)),
        }  # fmt: skip

    def rules(self, present: CallRules) -> CallRules:
        """Return the rules as typed; what the form does not show stays as it is."""
        found = {name: self[name].data for name in _PLAIN}
        found["central_names"] = parts_of(self.central_names.data)
        found["lists"] = read_rows(self.lists, "list", CallList, present.lists)
        return CallRules.model_validate(dict(present) | found)

    def facts(self) -> CallFacts:
        """Return what was typed, as plain values."""
        return CallFacts(
            title=self.title.data or "",
            level=HonourLevel(self.level.data),
            year=int(self.year.data or 0),
            superior=self.superior.data or "",
            document=self.document.data or "",
            own_until=self.own_until.data or date.min,
            superior_until=self.superior_until.data or date.min,
            round_key=self.round_key.data or "",
            contact=self.contact.data or "",
        )


class MaterialRow(RuleRowForm):
    """A paper that a pack holds."""

    key = HiddenField()
    title = needed_line(lazy_gettext("Title of the paper"), 80)
    needed = BooleanField(lazy_gettext("must be there"))
    most = whole_number(lazy_gettext("Files at most"), 1, 50, default=5)


class SuperiorFormRow(RuleRowForm):
    """A form in the superior's layout."""

    key = HiddenField()
    title = needed_line(lazy_gettext("Title of the form"), 80)


class ListForm(ActForm):
    """One list of a call: who may stand in it, and what its packs hold."""

    # Lists of rows: the name in the rules, and what rows of it are made of.
    made: ClassVar[Mapping[str, type[RuleData]]] = {"materials": Material, "forms": SuperiorForm}

    base = HiddenField(validators=[Regexp(r"^[0-9a-f]{64}$")])
    basics = rows_of(KeptRow, lazy_gettext("All of these"))
    routes = rows_of(KeptRow, lazy_gettext("Routes, of which some are needed"))
    routes_needed = whole_number(lazy_gettext("So many of the routes are needed"), 0, 10)
    exclusions = rows_of(KeptRow, lazy_gettext("Who is excluded"))
    materials = rows_of(MaterialRow, lazy_gettext("Papers of the pack, in their order"))
    forms = rows_of(SuperiorFormRow, lazy_gettext("Forms in the superior's layout"))

    @classmethod
    def values(cls, one: CallList, digest: str) -> dict[str, Any]:
        """Return a list as the form shows it."""
        own = one.eligibility
        kept = {name: [{"key": clause.key} for clause in getattr(own, name)] for name in CLAUSES}
        rows = {name: [dict(row) for row in getattr(one, name)] for name in cls.made}
        return kept | rows | {"routes_needed": own.routes_needed, "base": digest}

    def changes(self, present: CallList) -> dict[str, Any]:
        """Return the list as typed: clauses whose rows are left, in their order, and papers."""
        own = present.eligibility
        found: dict[str, Any] = {"routes_needed": self.routes_needed.data}
        for name in CLAUSES:
            known = {one.key: one for one in getattr(own, name)}
            keys = (row.form.key.data for row in self[name])
            found[name] = tuple(known[key] for key in keys if key in known)
        rows = {
            name: read_rows(self[name], name, made, getattr(present, name))
            for name, made in self.made.items()
        }
        return {"eligibility": dict(own) | found, **rows}
