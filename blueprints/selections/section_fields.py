"""The fields of each section of a round's rules."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blueprints.fields import ExactField
from blueprints.forms import CheckboxesField, options, strip
from blueprints.rule_rows import (
    KeptRow,
    RuleRowForm,
    coded,
    maybe_number,
    needed_line,
    read_rows,
    rows_of,
    said,
    text_line,
    whole_number,
)
from blueprints.selections.section_forms import SectionForm
from blueprints.selections.section_money import MoneyForm
from blueprints.selections.texts import AGAIN, FIELD_KINDS, METHODS
from rules.selection_rounds import (
    Benefit,
    EvidenceRule,
    FileRule,
    FormField,
    Opinion,
    RoundRules,
    RoundTier,
    SheetItem,
    Step,
)
from rules.selections import BenefitKind, Body, Channel, EvidenceKind
from services.acting import ZONE

MOST = 1_000_000_000


def _amount(title: Any, **more: Any) -> ExactField:
    return ExactField(title, validators=[Optional(), NumberRange(0, MOST)], **more)


class DatesForm(SectionForm):
    """Dates, the call, and how applications come in."""

    plain = (
        "opens_at",
        "closes_at",
        "grace_minutes",
        "completion_days",
        "counts_on",
        "call",
        "contact",
        "channels",
        "experts_needed",
        "unit_quota",
    )

    opens_at = DateTimeLocalField(
        lazy_gettext("Applications begin"), format="%Y-%m-%dT%H:%M", validators=[InputRequired()]
    )
    closes_at = DateTimeLocalField(
        lazy_gettext("Applications end"), format="%Y-%m-%dT%H:%M", validators=[InputRequired()]
    )
    grace_minutes = whole_number(lazy_gettext("Minutes more for who began to send in time"), 0, 120)
    completion_days = whole_number(
        lazy_gettext("Working days to complete a returned application"), 1, 60
    )
    counts_on = DateField(lazy_gettext("Ages and years count on"), validators=[InputRequired()])
    call = TextAreaField(
        lazy_gettext("Text of the call"),
        filters=[strip],
        validators=[Length(max=20_000)],
        render_kw={"rows": 6},
    )
    contact = text_line(lazy_gettext("Whom to ask"), 200)
    channels = CheckboxesField(
        lazy_gettext("Ways of application"), choices=coded(Channel), validators=[InputRequired()]
    )
    experts_needed = whole_number(lazy_gettext("Experts that a nomination needs"), 1, 10, default=2)
    unit_quota = maybe_number(
        lazy_gettext("A unit recommends at most"),
        1,
        1000,
        description=lazy_gettext("Empty: no limit. Bodies with a quota of their own go by it."),
    )

    @classmethod
    def values(cls, rules: RoundRules) -> dict[str, Any]:
        """Show the times as they are in China."""
        return super().values(rules) | {
            "opens_at": rules.opens_at.astimezone(ZONE),
            "closes_at": rules.closes_at.astimezone(ZONE),
        }

    def changes(self, present: RoundRules) -> dict[str, Any]:
        """Read the times as those of China."""
        found = super().changes(present)
        found["channels"] = tuple(found["channels"] or ())
        for name in ("opens_at", "closes_at"):
            typed: datetime = found[name]
            found[name] = typed.replace(tzinfo=ZONE)
        return found


class TierRow(RuleRowForm):
    """A tier."""

    key = HiddenField()
    name = needed_line(lazy_gettext("Name of the tier"), 60)
    honour = text_line(
        lazy_gettext("Title that people bear"), 60, description=lazy_gettext("Empty: the same.")
    )
    places = maybe_number(lazy_gettext("Places"), 0, 10_000)
    least_score = ExactField(lazy_gettext("Least score"), validators=[Optional()])
    amount = _amount(lazy_gettext("Amount in yuan"))

    def emptied(self) -> tuple[str, ...]:
        """Places and a least score that are empty limit nothing."""
        return ("places", "least_score")

    def values(self) -> dict[str, Any]:
        """An empty amount is no money, an empty title the tier's name."""
        return {"amount": Decimal(0), "honour": ""} | super().values()


class TiersForm(SectionForm):
    """Tiers, the best first, and the places of all together."""

    plain = ("places",)
    rows = {"tiers": RoundTier}

    places = maybe_number(lazy_gettext("At most so many people in all"), 1, 10_000)
    tiers = rows_of(TierRow, lazy_gettext("Tiers, the best first"))


class QuestionRow(RuleRowForm):
    """A question of the form."""

    joined = ("choices",)

    key = HiddenField()
    title = needed_line(lazy_gettext("Question"), 80)
    kind = SelectField(lazy_gettext("Kind of answer"), choices=said(FIELD_KINDS))
    needed = BooleanField(lazy_gettext("must be answered"))
    longest = whole_number(lazy_gettext("Most characters"), 1, 10_000, default=200)
    choices = StringField(
        lazy_gettext("Choices"), description=lazy_gettext("Separate several with 、")
    )
    help = text_line(lazy_gettext("Explanation"), 200)

    def values(self) -> dict[str, Any]:
        """Keep what was emptied empty."""
        return {"choices": (), "help": ""} | super().values()


class QuestionsForm(SectionForm):
    """The questions of the form."""

    rows = {"form": FormField}

    form = rows_of(QuestionRow, lazy_gettext("Questions"))


class EvidenceRow(RuleRowForm):
    """A list of achievements."""

    kind = SelectField(lazy_gettext("Achievement"), choices=coded(EvidenceKind))
    most = whole_number(lazy_gettext("Most entries"), 1, 100, default=20)
    help = text_line(lazy_gettext("Explanation"), 200)


class FileRow(RuleRowForm):
    """A kind of attachment."""

    key = HiddenField()
    title = needed_line(lazy_gettext("Attachment"), 80)
    needed = BooleanField(lazy_gettext("must be there"))
    types = CheckboxesField(
        lazy_gettext("File types"),
        choices=options([("pdf", "PDF"), ("jpg", "JPG"), ("png", "PNG")]),
        validators=[InputRequired()],
    )
    most = whole_number(lazy_gettext("Most files"), 1, 50, default=5)
    megabytes = whole_number(lazy_gettext("Megabytes of a file"), 1, 50, default=10)
    pages = maybe_number(lazy_gettext("Most pages"), 1, 500)

    def emptied(self) -> tuple[str, ...]:
        """Empty pages limit nothing."""
        return ("pages",)


class PapersForm(SectionForm):
    """Achievements and attachments."""

    plain = ("pages",)
    rows = {"evidence": EvidenceRule, "files": FileRule}

    pages = maybe_number(lazy_gettext("At most so many pages in all"), 1, 1000)
    evidence = rows_of(EvidenceRow, lazy_gettext("Achievements"))
    files = rows_of(FileRow, lazy_gettext("Attachments"))


class StepRow(RuleRowForm):
    """A step of the chain."""

    joined = ("checklist",)

    key = HiddenField()
    title = needed_line(lazy_gettext("Step"), 60)
    body = SelectField(lazy_gettext("Taken by"), choices=coded(Body))
    channels = CheckboxesField(
        lazy_gettext("Only for applications by"),
        choices=coded(Channel),
        description=lazy_gettext("None ticked: for all."),
    )
    days = whole_number(lazy_gettext("Working days"), 1, 120, default=5)
    ranks = BooleanField(lazy_gettext("ranks its candidates within its quota"))
    notice_days = whole_number(lazy_gettext("Working days of its own notice"), 0, 30, default=0)
    checklist = TextAreaField(
        lazy_gettext("To tick off"),
        render_kw={"rows": 2},
        description=lazy_gettext("Separate several with 、"),
    )

    def values(self) -> dict[str, Any]:
        """Keep what was emptied empty."""
        return {"checklist": ()} | super().values()


class OpinionRow(RuleRowForm):
    """A body that is asked by letter."""

    key = HiddenField()
    title = needed_line(lazy_gettext("Body asked by letter"), 60)
    days = whole_number(lazy_gettext("Working days"), 1, 120, default=5)


class ChainForm(SectionForm):
    """The chain of checks, and the bodies that are asked."""

    rows = {"chain": Step, "opinions": Opinion}

    chain = rows_of(StepRow, lazy_gettext("Steps in their order"))
    opinions = rows_of(OpinionRow, lazy_gettext("Letters before the decision"))


class SheetRow(RuleRowForm):
    """A line of the sheet."""

    key = HiddenField()
    title = needed_line(lazy_gettext("Line of the sheet"), 80)
    maximum = ExactField(
        lazy_gettext("Full points"), validators=[InputRequired(), NumberRange(0, 1000)]
    )
    help = text_line(lazy_gettext("Explanation"), 400)


_REVIEW = (
    "method",
    "reviewers",
    "reserves",
    "drop_high",
    "drop_low",
    "difference_flag",
    "quorum_percent",
    "surplus_percent",
    "majority_percent",
    "most_ballots",
    "site_visit",
)


class ReviewForm(SectionForm):
    """How the panel reviews."""

    method = SelectField(lazy_gettext("How candidates are compared"), choices=said(METHODS))
    reviewers = whole_number(lazy_gettext("Reviewers"), 1, 50)
    reserves = whole_number(lazy_gettext("Reserves"), 0, 20)
    drop_high = whole_number(lazy_gettext("Best sheets that don't count"), 0, 5)
    drop_low = whole_number(lazy_gettext("Worst sheets that don't count"), 0, 5)
    difference_flag = _amount(lazy_gettext("Flag differences from so many points on"))
    quorum_percent = _amount(lazy_gettext("So many percent of the panel must take part"))
    surplus_percent = _amount(lazy_gettext("So many percent more candidates than places"))
    majority_percent = _amount(lazy_gettext("Elected with more than so many percent of the votes"))
    most_ballots = whole_number(lazy_gettext("Most ballots"), 1, 10)
    site_visit = BooleanField(lazy_gettext("Everybody who is proposed is visited on the site"))
    sheet = rows_of(SheetRow, lazy_gettext("Lines of the sheet"))

    @classmethod
    def values(cls, rules: RoundRules) -> dict[str, Any]:
        """Show the review."""
        sheet = [dict(one) for one in rules.review.sheet]
        return dict(rules.review) | {"sheet": sheet, "base": rules.digest()}

    def changes(self, present: RoundRules) -> dict[str, Any]:
        """Read the review."""
        typed = {name: self[name].data for name in _REVIEW}
        usual = dict(present.review)
        values = {
            name: usual[name] if data is None and name != "difference_flag" else data
            for name, data in typed.items()
        }
        sheet = read_rows(self.sheet, "sheet", SheetItem, present.review.sheet)
        return {"review": values | {"sheet": sheet}}


class BenefitRow(RuleRowForm):
    """Something that holders get."""

    joined = ("tiers",)

    key = HiddenField()
    title = needed_line(lazy_gettext("Benefit"), 60)
    kind = SelectField(lazy_gettext("Kind"), choices=coded(BenefitKind))
    amount = _amount(lazy_gettext("Amount in yuan"))
    yearly = BooleanField(lazy_gettext("each year of the term"), default=True)
    tiers = StringField(
        lazy_gettext("Only for these tiers"),
        description=lazy_gettext("Names of tiers, separated with 、; empty: for all."),
    )
    due_month = whole_number(lazy_gettext("Due by the end of month"), 1, 12, default=12)

    def emptied(self) -> tuple[str, ...]:
        """An empty amount is none."""
        return ("amount",)

    def values(self) -> dict[str, Any]:
        """Keep what was emptied empty."""
        return {"tiers": ()} | super().values()


class AfterForm(SectionForm):
    """What follows the award."""

    term_years = whole_number(
        lazy_gettext("Years of the term"), 0, 50, description=lazy_gettext("0: for life.")
    )
    report_due = text_line(
        lazy_gettext("Yearly report due on"),
        5,
        description=lazy_gettext("Month and day, such as 01-31; empty: no report."),
    )
    pay_back = BooleanField(lazy_gettext("The prize of a revoked title is paid back"))
    bar_years = whole_number(lazy_gettext("Years barred after a revocation"), 0, 50)
    benefits = rows_of(BenefitRow, lazy_gettext("Benefits"))

    @classmethod
    def values(cls, rules: RoundRules) -> dict[str, Any]:
        """Show what follows, tiers by their names."""
        names = {tier.key: tier.name for tier in rules.tiers}
        benefits = [
            dict(one) | {"tiers": [names.get(key, key) for key in one.tiers]}
            for one in rules.after.benefits
        ]
        return dict(rules.after) | {"benefits": benefits, "base": rules.digest()}

    def changes(self, present: RoundRules) -> dict[str, Any]:
        """Read what follows."""
        keys = {tier.name: tier.key for tier in present.tiers}
        rows = read_rows(self.benefits, "benefits", Benefit, present.after.benefits)
        benefits = [
            dict(one) | {"tiers": tuple(keys.get(name, name) for name in dict(one)["tiers"])}
            for one in rows
        ]
        plain = {name: self[name].data for name in ("term_years", "pay_back", "bar_years")}
        report = self.report_due.data or ""
        return {"after": plain | {"report_due": report, "benefits": benefits}}


class EligibilityForm(SectionForm):
    """Who may apply: the order of the clauses; each has a page of its own."""

    routes_needed = whole_number(lazy_gettext("So many of the routes are needed"), 0, 10)
    again = SelectField(lazy_gettext("Holders of a title"), choices=said(AGAIN))
    basics = rows_of(KeptRow, lazy_gettext("All of these"))
    routes = rows_of(KeptRow, lazy_gettext("Routes, of which some are needed"))
    exclusions = rows_of(KeptRow, lazy_gettext("Who is excluded"))

    @classmethod
    def values(cls, rules: RoundRules) -> dict[str, Any]:
        """Show the clauses."""
        own = rules.eligibility
        lists = {
            name: [{"key": one.key} for one in getattr(own, name)]
            for name in ("basics", "routes", "exclusions")
        }
        return lists | {
            "routes_needed": own.routes_needed,
            "again": own.again,
            "base": rules.digest(),
        }

    def changes(self, present: RoundRules) -> dict[str, Any]:
        """Keep the clauses whose rows are left, in their order."""
        own = present.eligibility
        lists = {}
        for name in ("basics", "routes", "exclusions"):
            known = {one.key: one for one in getattr(own, name)}
            rows = (row.form.key.data for row in self[name])
            lists[name] = tuple(known[key] for key in rows if key in known)
        more = {"routes_needed": self.routes_needed.data, "again": self.again.data}
        return {"eligibility": lists | more}


class QuotasForm(SectionForm):
    """Floors and caps: their order; each has a page of its own."""

    quotas = rows_of(KeptRow, lazy_gettext("Floors and caps"))

    @classmethod
    def values(cls, rules: RoundRules) -> dict[str, Any]:
        """Show the quotas."""
        return {"quotas": [{"key": one.key} for one in rules.quotas], "base": rules.digest()}

    def changes(self, present: RoundRules) -> dict[str, Any]:
        """Keep the quotas whose rows are left, in their order."""
        known = {one.key: one for one in present.quotas}
        rows = (row.form.key.data for row in self.quotas)
        return {"quotas": tuple(known[key] for key in rows if key in known)}


FORMS: dict[str, type[SectionForm]] = {
    "dates": DatesForm,
    "tiers": TiersForm,
    "quotas": QuotasForm,
    "eligibility": EligibilityForm,
    "form": QuestionsForm,
    "papers": PapersForm,
    "chain": ChainForm,
    "review": ReviewForm,
    "after": AfterForm,
    "money": MoneyForm,
}
