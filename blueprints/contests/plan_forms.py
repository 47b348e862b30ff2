"""The form of an award plan."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from blueprints.contests.plan_award_forms import AwardsForm, StepForm, award_values, said
from blueprints.contests.plan_choices import branch_choices, step_choices
from blueprints.contests.plan_texts import EQUAL, IF_HELD, SCALES, UNPLACED
from blueprints.fields import ExactField, NumbersField, WholeField, one_line
from blueprints.forms import CheckboxesField
from blueprints.labels import LEVELS
from models.contests import Event
from rules.allocation import AwardPlan
from rules.levels import LevelRule
from rules.plans import DivisionAwards, EventPlan
from rules.schemes import Scheme
from rules.tables import DelegationRule, TeamRule
from services.contests import rules_of


class PlanForm(AwardsForm):
    """All that an event decides after marking."""

    minimum_entrants = WholeField(
        lazy_gettext("Smallest field"),
        validators=[InputRequired(), NumberRange(0, 9999)],
        description=lazy_gettext(
            "If fewer really compete in a division, it gives neither awards nor levels. "
            "0: no limit."
        ),
    )
    tie_breaks = FieldList(FormField(StepForm), lazy_gettext("Equal totals"))
    equal = RadioField(lazy_gettext("Totals that stay equal"), choices=said(EQUAL), default="share")
    unplaced = SelectField(
        lazy_gettext("The absent and withdrawn"), choices=said(UNPLACED), default="none"
    )
    scale = SelectField(
        lazy_gettext("Standard scale of the totals"), choices=said(SCALES), default=""
    )
    has_levels = BooleanField(lazy_gettext("This event leads to skill levels"))
    base_level = SelectField(lazy_gettext("Everybody who passes gets"), coerce=int)
    top_level = SelectField(lazy_gettext("The top places get"), coerce=int)
    top_places = WholeField(
        lazy_gettext("Top places"), validators=[Optional(), NumberRange(0, 999)]
    )
    top_share = ExactField(
        lazy_gettext("but at most this share of those who competed, in percent"),
        validators=[Optional(), NumberRange(0, 100)],
    )
    needs = CheckboxesField(lazy_gettext("Must be passed"))
    if_already_held = SelectField(
        lazy_gettext("Whoever holds that level already gets"), choices=said(IF_HELD)
    )
    cap = SelectField(
        lazy_gettext("Limit"), coerce=int, description=lazy_gettext("Only with a limit.")
    )
    has_teams = BooleanField(lazy_gettext("Rank teams by the sum of their members"))
    team_members = WholeField(
        lazy_gettext("Members a team needs"),
        validators=[Optional(), NumberRange(1, 999)],
        description=lazy_gettext("A team with fewer results has no place."),
    )
    team_best = WholeField(
        lazy_gettext("of whom so many count"),
        validators=[Optional(), NumberRange(1, 999)],
        description=lazy_gettext("The best. Empty: all of them."),
    )
    team_by_time = BooleanField(lazy_gettext("The shorter time parts equal teams"))
    has_delegations = BooleanField(lazy_gettext("Rank delegations by points"))
    delegation_points = NumbersField(
        lazy_gettext("Points for places"),
        validators=[Length(max=2000)],
        description=lazy_gettext(
            "For the first place, the second …, such as 12, 10, 8. "
            "Points for awards stand at each award."
        ),
    )
    papers_only = CheckboxesField(
        lazy_gettext("Divisions that get the same awards as papers alone, without money"),
        description=lazy_gettext("Such as students, where only staff win money."),
    )
    also = CheckboxesField(lazy_gettext("Use this plan for these events too"), coerce=int)
    reason = StringField(
        lazy_gettext("Reason of the amendment"), filters=[one_line], validators=[Length(max=400)]
    )

    def offer(self, event: Event, scheme: Scheme, present: EventPlan) -> None:
        """Offer what the scheme has, and the other events of the edition."""
        if not self.tie_breaks.entries:
            self.tie_breaks.append_entry({})
        steps = step_choices(scheme, present.tie_breaks)
        for row in self.tie_breaks:
            row.form.step.choices = steps
        self.offer_awards(branch_choices(scheme), event, rules_of(event.contest))
        self._offer_divisions(event, present)
        self.needs.choices = [(part.key, part.title) for part in scheme.parts]
        passable = [(p.key, p.title) for p in scheme.parts if p.pass_mark is not None]
        kept = [(key, key) for key in self.award_needs.data or () if key not in dict(passable)]
        self.award_needs.choices = [*passable, *kept]
        levels = [(level, gettext(text)) for level, text in LEVELS.items()]
        self.base_level.choices = self.top_level.choices = levels
        self.cap.choices = [(0, gettext("(choose)")), *levels]
        self.also.choices = [
            (other.id, other.title)
            for other in event.contest.events
            if other.id != event.id and other.state is event.state
        ]

    def _offer_divisions(self, event: Event, present: EventPlan) -> None:
        """Offer papers alone for each division that has no awards made for it."""
        own = {one.division for one in own_awards(present)}
        titles = [(one.code, one.title) for one in event.divisions if one.code not in own]
        self.papers_only.choices = titles if len(event.divisions) > 1 else []

    def validate_has_delegations(self, field: BooleanField) -> None:
        """Refuse points that would count for nothing."""
        points = [row.form.points.data for row in self.tiers if row.form.points.data is not None]
        if not field.data and (points or self.delegation_points.data):
            raise ValidationError(gettext("Tick this, or take the points for delegations away."))

    @property
    def has_rare_places(self) -> bool:
        """Say whether one of the rarer rules of places is in use."""
        return self.unplaced.data == "last" or bool(self.scale.data)

    @property
    def has_tables(self) -> bool:
        """Say whether teams or delegations are ranked, or something is wrong with it."""
        fields = (self.has_delegations, self.delegation_points, self.team_members, self.team_best)
        return bool(self.has_teams.data or self.has_delegations.data) or any(
            field.errors for field in fields
        )

    def plan(self, present: EventPlan) -> EventPlan:
        """Return the plan as typed; raise InvalidRules with every problem."""
        steps = (row.form.tie_break() for row in self.tie_breaks)
        return EventPlan(
            tie_breaks=tuple(step for step in steps if step is not None),
            awards=self.award_plan(present.awards),
            levels=self._levels(present.levels) if self.has_levels.data else None,
            minimum_entrants=self.minimum_entrants.data or 0,
            ties=self.equal.data,
            unplaced=self.unplaced.data,
            scale=self.scale.data or None,
            teams=self._teams() if self.has_teams.data else None,
            delegations=self._delegations() if self.has_delegations.data else None,
            divisions=self._divisions(present),
        )

    def _divisions(self, present: EventPlan) -> tuple[DivisionAwards, ...]:
        papers = self.award_plan(present.awards).without_money()
        ticked = self.papers_only.data or ()
        kept = own_awards(present)
        return (*kept, *(DivisionAwards(division=code, awards=papers) for code in ticked))

    def _levels(self, present: LevelRule | None) -> LevelRule:
        needs = tuple(self.needs.data or ())
        if present is not None and set(needs) == set(present.needs):
            needs = present.needs  # the same parts, in the order they had
        return LevelRule(
            base_level=self.base_level.data,
            top_level=self.top_level.data,
            top_places=self.top_places.data or 0,
            top_share=Decimal(100) if self.top_share.data is None else self.top_share.data,
            needs=needs,
            if_already_held=self.if_already_held.data,
            cap=self.cap.data or None,
            cuts=() if present is None else present.cuts,
        )

    def _teams(self) -> TeamRule:
        return TeamRule(
            members=self.team_members.data or 1,
            best=self.team_best.data,
            by_time=bool(self.team_by_time.data),
        )

    def _delegations(self) -> DelegationRule:
        points = zip(self.tier_keys(), self.tiers, strict=True)
        return DelegationRule(
            points=self.delegation_points.data or (),
            tier_points={
                key: row.form.points.data for key, row in points if row.form.points.data is not None
            },
        )


def plan_values(event: Event, plan: EventPlan) -> dict[str, Any]:
    """Return a plan as its form shows it."""
    levels, teams = plan.levels or LevelRule(needs=()), plan.teams or TeamRule()
    delegations = plan.delegations or DelegationRule()
    return {
        "version": event.version,
        **_awards(plan.awards, delegations),
        "papers_only": [
            one.division for one in plan.divisions if one.awards == plan.awards.without_money()
        ],
        "minimum_entrants": plan.minimum_entrants,
        "tie_breaks": [
            {"step": f"{step.kind}:{step.key}", "prefer": step.prefer} for step in plan.tie_breaks
        ],
        "equal": plan.ties,
        "unplaced": plan.unplaced,
        "scale": plan.scale or "",
        "has_levels": plan.levels is not None,
        **dict(levels),
        "cap": levels.cap or 0,
        "has_teams": plan.teams is not None,
        **{f"team_{name}": value for name, value in dict(teams).items()},
        "has_delegations": plan.delegations is not None,
        "delegation_points": delegations.points,
    }


def _awards(plan: AwardPlan, delegations: DelegationRule) -> dict[str, Any]:
    values = award_values(plan)
    for tier in values["tiers"]:
        tier["points"] = delegations.tier_points.get(tier["key"])
    return values


def own_awards(plan: EventPlan) -> list[DivisionAwards]:
    """Return the divisions with awards made for them, and not the event's as papers alone."""
    papers = plan.awards.without_money()
    return [one for one in plan.divisions if one.awards != papers]
