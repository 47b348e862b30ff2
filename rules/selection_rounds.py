"""All that one round of a selection decides, as data: a new kind of selection costs rows (R5)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from rules.data import InvalidRules, Number, RuleData, later
from rules.plans import EditionRules
from rules.refusals import Refused
from rules.selection_conditions import Condition
from rules.selections import BenefitKind, Body, Channel, EvidenceKind
from rules.texts import N_

KEY = r"^[a-z][a-z0-9_]{0,39}$"
# A whole number of people, or a part of them: 3, 80 %.
AMOUNT = r"^([0-9]{1,5}|[0-9]{1,3}(\.[0-9]{1,4})? ?%)$"
# A day that every year has, or nothing.
MONTH_DAY = (
    r"^((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))?$"
)


class RoundTier(RuleData):
    """One tier of titles, the best first: a cap of places, and a floor below which none is given.

    ``honour`` is the title as the register keeps it; ``amount`` is for each person.
    """

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=60)
    honour: str = Field(default="", max_length=60)
    places: int | None = Field(default=None, ge=0, le=10_000)
    least_score: Number | None = None
    amount: Number = Field(default=Decimal(0), ge=0)

    @property
    def title(self) -> str:
        """Return the title that people bear."""
        return self.honour or self.name


class Quota(RuleData):
    """A floor and a cap among those who are chosen (R5.05), a number or a share of the chosen.

    A floor's share is rounded up, a cap's down. ``tiers`` limits it to some tiers; ``all_of`` are
    the conditions of who counts. A floor that too few candidates could meet does not stop the
    round: it is met as far as it goes, and the proposal says so.
    """

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1, max_length=80)
    all_of: tuple[Condition, ...] = Field(min_length=1, max_length=6)
    at_least: str | None = Field(default=None, pattern=AMOUNT)
    at_most: str | None = Field(default=None, pattern=AMOUNT)
    tiers: tuple[str, ...] = ()


class Clause(RuleData):
    """One clause of the call: all its conditions, unless one of the waivers holds.

    ``number`` is where the call says so, ``text`` how it says it.
    """

    key: str = Field(pattern=KEY)
    number: str = Field(default="", max_length=40)
    text: str = Field(min_length=1, max_length=400)
    all_of: tuple[Condition, ...] = Field(min_length=1, max_length=8)
    waivers: tuple["Waiver", ...] = Field(default=(), max_length=8)
    tiers: tuple[str, ...] = ()


class Waiver(RuleData):
    """What lets a clause fall: all of these conditions (R5.07: years are waived for winners)."""

    text: str = Field(min_length=1, max_length=400)
    all_of: tuple[Condition, ...] = Field(min_length=1, max_length=6)


class Eligibility(RuleData):
    """All of the basics, at least so many of the routes, and none of the exclusions (R5.07-08).

    ``again`` says what a holder of this programme may apply for: nothing, a better tier only,
    anything (R5.11). A clause with ``tiers`` counts for those tiers alone.
    """

    basics: tuple[Clause, ...] = Field(default=(), max_length=30)
    routes: tuple[Clause, ...] = Field(default=(), max_length=30)
    routes_needed: int = Field(default=1, ge=0, le=10)
    exclusions: tuple[Clause, ...] = Field(default=(), max_length=30)
    again: Literal["never", "higher", "always"] = "higher"


class FormField(RuleData):
    """A question of the form."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1, max_length=80)
    kind: Literal["text", "long", "number", "date", "choice", "yes_no"] = "text"
    needed: bool = False
    longest: int = Field(default=200, ge=1, le=10_000)
    choices: tuple[str, ...] = Field(default=(), max_length=40)
    help: str = Field(default="", max_length=200)


class EvidenceRule(RuleData):
    """A list of achievements in the form; the registers fill in what they know."""

    kind: EvidenceKind
    most: int = Field(default=20, ge=1, le=100)
    help: str = Field(default="", max_length=200)


class FileRule(RuleData):
    """A kind of attachment: types, size of one in megabytes, pages of all together (R5.16)."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1, max_length=80)
    needed: bool = False
    types: tuple[Literal["pdf", "jpg", "png"], ...] = ("pdf", "jpg", "png")
    most: int = Field(default=5, ge=1, le=50)
    megabytes: int = Field(default=10, ge=1, le=50)
    pages: int | None = Field(default=50, ge=1, le=500)


class Step(RuleData):
    """A step of the chain of checks: who takes it, in how many working days, and what it needs.

    With ``ranks`` the body ranks its candidates within its quota (R5.06); with ``notice_days`` it
    proves a notice of its own of so many working days (R3.07).
    """

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1, max_length=60)
    body: Body
    channels: tuple[Channel, ...] = ()
    days: int = Field(default=5, ge=1, le=120)
    ranks: bool = False
    notice_days: int = Field(default=0, ge=0, le=30)
    checklist: tuple[str, ...] = Field(default=(), max_length=30)


class Opinion(RuleData):
    """A body that is asked by letter before the decision (R5.09), about all or some candidates."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1, max_length=60)
    days: int = Field(default=5, ge=1, le=120)
    about: tuple[Condition, ...] = Field(default=(), max_length=4)


class SheetItem(RuleData):
    """A line of the 100-point sheet."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1, max_length=80)
    maximum: Number = Field(gt=0, le=1000)
    help: str = Field(default="", max_length=400)


class Review(RuleData):
    """How the panel reviews: a sheet, pairs, ballots, or a sheet and then ballots (R5.15).

    The best ``drop_high`` and worst ``drop_low`` sheets of a candidate don't count. A ballot has
    more candidates than places by ``surplus_percent`` at least (差额), and elects who has more than
    ``majority_percent`` of the votes cast, in up to ``most_ballots`` rounds. ``quorum_percent`` of
    the panel must take part. ``site_visit`` asks for a visit to everybody who is proposed.
    """

    method: Literal["sheet", "pairs", "ballot", "sheet_and_ballot"] = "sheet"
    reviewers: int = Field(default=5, ge=1, le=50)
    reserves: int = Field(default=1, ge=0, le=20)
    sheet: tuple[SheetItem, ...] = Field(default=(), max_length=40)
    drop_high: int = Field(default=1, ge=0, le=5)
    drop_low: int = Field(default=1, ge=0, le=5)
    difference_flag: Number | None = Field(default=Decimal(10), ge=0)
    quorum_percent: Number = Field(default=Decimal("66.66"), ge=0, le=100)
    surplus_percent: Number = Field(default=Decimal(10), ge=0, le=1000)
    majority_percent: Number = Field(default=Decimal(50), ge=0, le=100)
    most_ballots: int = Field(default=3, ge=1, le=10)
    site_visit: bool = False


class Benefit(RuleData):
    """Something that a holder gets in each year of the term, or once."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1, max_length=60)
    kind: BenefitKind
    amount: Number | None = Field(default=None, gt=0)
    yearly: bool = True
    tiers: tuple[str, ...] = ()
    due_month: int = Field(default=12, ge=1, le=12)


class After(RuleData):
    """What follows: the term in years (0: for life), the yearly report, benefits (R5.17).

    A revoked title is paid back when ``pay_back`` says so, and bars its holder ``bar_years``.
    """

    term_years: int = Field(default=3, ge=0, le=50)
    report_due: str = Field(default="01-31", pattern=MONTH_DAY)
    benefits: tuple[Benefit, ...] = Field(default=(), max_length=20)
    pay_back: bool = True
    bar_years: int = Field(default=5, ge=0, le=50)


class RoundRules(RuleData):
    """All rules of one round, from the call to the years after the award.

    Applications come in from ``opens_at`` to ``closes_at`` (Chinese time, to the minute). Who began
    to send before the end has ``grace_minutes`` more; drafts are kept whatever the time. Who gets
    one back completes it within ``completion_days`` working days, also after the end. Ages count
    on ``counts_on``. ``edition`` holds what notices, payments and certificates go by.
    With ``when_short`` "leave" places stay empty rather than that a floor is missed.
    """

    opens_at: datetime
    closes_at: datetime
    grace_minutes: int = Field(default=10, ge=0, le=120)
    completion_days: int = Field(default=5, ge=1, le=60)
    counts_on: date
    call: str = Field(default="", max_length=20_000)
    contact: str = Field(default="", max_length=200)
    channels: tuple[Channel, ...] = Field(default=tuple(Channel), min_length=1)
    experts_needed: int = Field(default=2, ge=1, le=10)
    unit_quota: int | None = Field(default=None, ge=1, le=1000)
    tiers: tuple[RoundTier, ...] = Field(min_length=1, max_length=12)
    places: int | None = Field(default=None, ge=1, le=10_000)
    quotas: tuple[Quota, ...] = Field(default=(), max_length=12)
    when_short: Literal["fill", "leave"] = later("fill")
    eligibility: Eligibility = Eligibility()
    form: tuple[FormField, ...] = Field(default=(), max_length=60)
    evidence: tuple[EvidenceRule, ...] = Field(default=(), max_length=9)
    files: tuple[FileRule, ...] = Field(default=(), max_length=20)
    pages: int | None = Field(default=50, ge=1, le=1000)
    chain: tuple[Step, ...] = Field(default=(), max_length=8)
    opinions: tuple[Opinion, ...] = Field(default=(), max_length=20)
    review: Review = Review()
    after: After = After()
    amount_basis: Literal["gross", "net"] = "gross"
    budget_line: str = Field(default="", max_length=20)
    edition: EditionRules = EditionRules()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [*round_problems(self)]
        if problems:
            raise InvalidRules(problems)
        return self

    def tier(self, key: str) -> RoundTier:
        """Return the tier with this key, or raise KeyError."""
        return {tier.key: tier for tier in self.tiers}[key]


def round_problems(rules: RoundRules) -> Iterator[Refused]:
    """Yield what contradicts itself in the rules of a round."""
    if rules.opens_at.tzinfo is None or rules.closes_at.tzinfo is None:
        yield Refused(N_("Give the opening and the deadline with their time zone."), "closes_at")
    elif rules.closes_at <= rules.opens_at:
        yield Refused(N_("The deadline lies before the opening."), "closes_at")
    yield from _key_problems(rules)
    known = {tier.key for tier in rules.tiers}
    for name in {tier for one in _with_tiers(rules) for tier in one} - known:
        yield Refused(N_("A rule speaks of a tier that is not there: %(key)s."), "tiers", key=name)
    if len(rules.eligibility.routes) < rules.eligibility.routes_needed and rules.eligibility.routes:
        yield Refused(N_("More routes are asked for than there are."), "eligibility")
    yield from _review_problems(rules.review)


def _key_problems(rules: RoundRules) -> Iterator[Refused]:
    own = rules.eligibility
    groups: Mapping[str, Sequence[Any]] = {
        "tiers": rules.tiers,
        "quotas": rules.quotas,
        "form": rules.form,
        "files": rules.files,
        "chain": rules.chain,
        "opinions": rules.opinions,
        "eligibility": (*own.basics, *own.routes, *own.exclusions),
    }
    for name, rows in groups.items():
        keys = [row.key for row in rows]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield Refused(N_("The key %(key)s stands twice in one list."), name, key=key)


def _with_tiers(rules: RoundRules) -> Iterator[tuple[str, ...]]:
    own = rules.eligibility
    rows: Sequence[Any] = (*own.basics, *own.routes, *own.exclusions)
    for row in (*rows, *rules.quotas, *rules.after.benefits):
        yield row.tiers


def _review_problems(review: Review) -> Iterator[Refused]:
    if review.method in ("sheet", "sheet_and_ballot") and not review.sheet:
        yield Refused(N_("A review by sheet needs the lines of the sheet."), "review")
    if review.drop_high + review.drop_low >= review.reviewers:
        yield Refused(N_("So many sheets are dropped that none is left."), "review")
