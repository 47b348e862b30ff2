"""The rules that one edition and one event carry as data, with the usual defaults."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.allocation import AwardPlan, Tier
from rules.certificate_designs import USUAL_DESIGNS, Design
from rules.certificate_kinds import CertificateKind
from rules.data import InvalidRules, Number, RuleData, later
from rules.days import DayRules
from rules.levels import LevelRule
from rules.notice_chains import NoticeLevel
from rules.numbering_schemes import NumberScheme
from rules.organisation_prizes import OrganisationPrize
from rules.ranking import TieBreak
from rules.refusals import Refused
from rules.scales import ScaleName
from rules.schemes import Aspect, Panel, Part, Scheme, Section
from rules.tables import DelegationRule, TeamRule
from rules.texts import N_

THEORY = "theory"
PRACTICAL = "practical"

PASS_MARK = Decimal(60)
# Five judges, one highest and one lowest mark dropped (R2.13), flagged at 10 marks (R2.15).
DEFAULT_PANEL = Panel(judges=5, minimum=5, drop_high=1, drop_low=1, max_spread=Decimal(10))
DEFAULT_AMOUNTS = (Decimal(10000), Decimal(5000), Decimal(3000))


class DivisionAwards(RuleData):
    """The awards of one division where they differ from the event's, such as papers alone."""

    division: str = Field(min_length=1, max_length=10)
    awards: AwardPlan


class EventPlan(RuleData):
    """What one event decides after marking: ties, awards, levels, and the smallest field.

    Fewer than `minimum_entrants` who really compete, and the event gives neither titles nor
    prizes (R1.06, R1.18); 0 sets no minimum. `ties` says whether entries may share a place
    (R2.27), `unplaced` whether the absent stand last, `scale` on which scale totals are compared.
    `divisions` holds the awards of divisions that have awards of their own (R1.15).
    """

    tie_breaks: tuple[TieBreak, ...] = ()
    awards: AwardPlan = AwardPlan()
    levels: LevelRule | None = None
    minimum_entrants: int = Field(default=0, ge=0)
    ties: Literal["share", "decide"] = later("share")
    unplaced: Literal["none", "last"] = later("none")
    scale: ScaleName | None = later(None)
    teams: TeamRule | None = later(None)
    delegations: DelegationRule | None = later(None)
    divisions: tuple[DivisionAwards, ...] = later(())

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [*_division_problems(self)]
        if problems:
            raise InvalidRules(problems)
        return self

    def for_division(self, code: str) -> "EventPlan":
        """Return the plan as it holds in one division (R1.15)."""
        own = next((one.awards for one in self.divisions if one.division == code), None)
        return self if own is None else self.model_copy(update={"awards": own})

    @property
    def all_awards(self) -> tuple[AwardPlan, ...]:
        """Return the awards of the event and of divisions that have their own."""
        return (self.awards, *(one.awards for one in self.divisions))

    @property
    def all_tiers(self) -> tuple[Tier, ...]:
        """Return the tiers of all divisions, each key once; the event's own ones come first."""
        found: dict[str, Tier] = {}
        for tier in (tier for awards in self.all_awards for tier in awards.tiers):
            found.setdefault(tier.key, tier)
        return tuple(found.values())


def _division_problems(plan: EventPlan) -> Iterator[Refused]:
    codes = [one.division for one in plan.divisions]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Refused(N_("Division %(code)s has awards twice."), field="divisions", code=code)
    for one in plan.divisions:
        if one.awards.amount_basis != plan.awards.amount_basis:
            yield Refused(
                N_("All divisions of an event promise amounts either before or after tax."),
                field="divisions",
            )
        if one.awards.budget is not None:
            yield Refused(
                N_("The budget of an event counts for all its divisions together."),
                field="divisions",
            )


class BudgetLine(RuleData):
    """A purse for prizes and its ceiling, tax included; without a ceiling it is only a name."""

    code: str = Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z._-]+$")
    title: str = Field(min_length=1, max_length=60)
    ceiling: Number | None = Field(default=None, ge=0)


class TemplateChoice(RuleData):
    """Which design of the bureau the papers of a kind take."""

    kind: CertificateKind
    template: int = Field(ge=1)


class EditionRules(RuleData):
    """What a whole edition decides: notice, appeals, ages, and the tax on its prizes.

    Ages count on `age_on`, or on the day of entry where it is not set (R1.24). A tax exemption
    needs its legal basis in `tax_basis` (R4.29). Certificate numbers begin with
    `certificate_prefix`, the organisation's own short code (R4.24), and are made as
    `certificate_numbers` says; `certificate_design` says how they look, `kind_designs` how papers
    of other kinds do where they look unlike the usual ones; a design of the bureau's own in
    `certificate_templates` goes before both. With `sample_by_other` somebody else than who prepared
    a run of certificates approves its sample sheet.
    `budget_lines` are the purses that prizes are paid from, `filed_with` the bodies with which the
    contest was filed before it began (R4.20), `organisation_prizes` what employers can win (R4.21).
    `contest_class` is a code of the superior's list, such as 一类; its level is a field of its own
    (R1.02).
    A list that an upheld objection changed stands anew as `restart_notice` says: for all working
    days, or for those only that the first notice had left; `restart_scope` is what the new notice
    shows.
    `notice_levels` is the chain of notices, each with days of its own (R3.07); without one, a
    single notice makes results final.
    """

    notice_working_days: int = Field(default=5, ge=1)
    count_first_day: bool = False
    appeal_minutes: int = Field(default=120, ge=0)
    minimum_age: int = Field(default=16, ge=0)
    maximum_age: int | None = Field(default=None, ge=0)
    age_on: date | None = None
    tax_exempt: bool = False
    tax_basis: str = ""
    certificate_prefix: str = Field(default="JN", pattern=r"^[0-9A-Z]{1,6}$")
    day: DayRules = later(DayRules())
    contest_class: str = later("", max_length=20)
    certificate_design: Design = later(Design.A4_LANDSCAPE)
    certificate_templates: tuple[TemplateChoice, ...] = later(())
    objection_days: int = later(10, ge=1, le=60)
    restart_notice: Literal["never", "changed", "always"] = later("changed")
    restart_scope: Literal["whole", "changes"] = later("whole")
    budget_lines: tuple[BudgetLine, ...] = later(())
    filed_with: tuple[str, ...] = later(())
    organisation_prizes: tuple[OrganisationPrize, ...] = later(())
    notice_levels: tuple[NoticeLevel, ...] = later(())
    certificate_numbers: NumberScheme = later(NumberScheme())
    sample_by_other: bool = later(False)
    kind_designs: dict[CertificateKind, Design] = later({})

    def design_of(self, kind: CertificateKind) -> Design:
        """Return how certificates of a kind look."""
        if kind is CertificateKind.HONOUR:
            return self.certificate_design
        return self.kind_designs.get(kind, USUAL_DESIGNS[kind])

    def template_for(self, kind: CertificateKind) -> int | None:
        """Return the bureau's own design for a kind of paper."""
        found = (one.template for one in self.certificate_templates if one.kind == kind)
        return next(found, None)

    def line(self, code: str) -> BudgetLine | None:
        """Return the budget line with this code."""
        return next((line for line in self.budget_lines if line.code == code), None)


def default_event_plan(amounts: Sequence[Decimal] = DEFAULT_AMOUNTS) -> EventPlan:
    """Make the usual plan: 1/2/3 prizes, levels for passers, ties to the practical part (R2.27)."""
    first, second, third = amounts
    tiers = (
        # The title itself goes to the first of each event only (R4.19).
        Tier(
            key="first",
            name=N_("First prize"),
            amount=first,
            places=1,
            honours=(N_("Skills Star"),),
        ),
        Tier(key="second", name=N_("Second prize"), amount=second, places=2),
        Tier(key="third", name=N_("Third prize"), amount=third, places=3),
    )
    return EventPlan(
        tie_breaks=(TieBreak(kind="part", key=PRACTICAL),),
        awards=AwardPlan(tiers=tiers),
        levels=LevelRule(needs=(THEORY, PRACTICAL)),
    )


def default_scheme(
    theory_weight: Decimal = Decimal(20),
    practical_weight: Decimal = Decimal(80),
    sections: Sequence[Section] = (),
    panel: Panel = DEFAULT_PANEL,
    title: str = "",
) -> Scheme:
    """Make the usual scheme: a theory paper entered by a clerk and a judged practical (R1.20).

    Without sections the practical part is one mark out of 100; a weight of 0 leaves a part out.
    """
    parts = (
        Part(
            key=THEORY,
            title=N_("Theory"),
            weight=theory_weight,
            sections=(_one_mark(THEORY, N_("Theory paper")),),
            pass_mark=PASS_MARK,
            entered_by="clerk",
        ),
        Part(
            key=PRACTICAL,
            title=N_("Practical"),
            weight=practical_weight,
            sections=tuple(sections) or (_one_mark(PRACTICAL, N_("Practical task")),),
            panel=panel,
            pass_mark=PASS_MARK,
        ),
    )
    return Scheme(title=title, parts=tuple(part for part in parts if part.weight != 0))


def _one_mark(key: str, title: str) -> Section:
    aspect = Aspect(key=f"{key}_mark", title=title, maximum=Decimal(100))
    return Section(key=key, title=title, aspects=(aspect,))
