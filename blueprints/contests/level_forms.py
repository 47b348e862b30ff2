"""The form of the lines of a level rule."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from blueprints.contests.event_forms import team_name
from blueprints.contests.plan_award_forms import said
from blueprints.contests.plan_texts import IF_HELD, ROUNDING
from blueprints.fields import ExactField, RowForm, WholeField, one_line
from blueprints.forms import CheckboxesField, VersionedForm, options
from blueprints.labels import LEVELS, label
from rules.editions import ContestLevel
from rules.levels import NOTHING_HELD, LevelCut, LevelRule
from rules.plans import EventPlan
from rules.schemes import Scheme
from rules.texts import N_

WHO = {
    "places": N_("Those down to a place"),
    "prizes": N_("Winners of prizes"),
    "passers": N_("Everybody who passes"),
}
ABOVE = {
    "level": N_("this level"),
    "standard": N_("the level of the event's standard, and so many steps above it"),
    "held": N_("so many steps above the level that is held"),
}
MOST_TEAM = 9


def _levels(empty: str) -> list[Any]:
    return options([("", empty), *((str(one), gettext(text)) for one, text in LEVELS.items())])


def _number(text: str | None) -> int | None:
    return int(text) if text else None


class CutForm(RowForm):
    """One line: who gets which level."""

    new = HiddenField()
    who = SelectField(lazy_gettext("Who"), choices=said(WHO), default="places")
    to = WholeField(lazy_gettext("Down to place"), validators=[Optional(), NumberRange(1, 9999)])
    share = ExactField(
        lazy_gettext("at most this share of the field, in percent"),
        validators=[Optional(), NumberRange(0, 100)],
    )
    rounding = SelectField(
        lazy_gettext("Shares are rounded"), choices=said(ROUNDING), default="floor"
    )
    tiers = CheckboxesField(lazy_gettext("Which prizes"))
    above = SelectField(lazy_gettext("Gets"), choices=said(ABOVE), default="level")
    level = SelectField(lazy_gettext("Level"), default="3")
    rise = WholeField(lazy_gettext("So many steps"), validators=[Optional(), NumberRange(0, 4)])
    entry = SelectField(lazy_gettext("Who holds none gets"))
    highest = SelectField(lazy_gettext("Never above"), default="1")
    held = CheckboxesField(lazy_gettext("Only for those who hold"))
    needs = CheckboxesField(
        lazy_gettext("Must be passed for this line"),
        description=lazy_gettext("None ticked: what the rule itself asks for."),
    )
    team_size = SelectField(lazy_gettext("Only for entries of"))
    contest_level = SelectField(lazy_gettext("Only in contests of"))
    contest_class = StringField(
        lazy_gettext("Only in contests of the class"),
        filters=[one_line],
        validators=[Length(max=20)],
    )
    if_already_held = SelectField(lazy_gettext("Whoever holds that level already gets"))
    cap = SelectField(lazy_gettext("Limit"))

    def offer(self, plan: EventPlan, scheme: Scheme) -> None:
        """Offer the prizes and parts of the event."""
        self.tiers.choices = [(tier.key, gettext(tier.name)) for tier in plan.awards.tiers]
        self.needs.choices = [
            (part.key, gettext(part.title)) for part in scheme.parts if part.pass_mark is not None
        ]
        self.held.choices = [
            (str(NOTHING_HELD), gettext("no level")),
            *((str(one), gettext(text)) for one, text in LEVELS.items()),
        ]
        self.level.choices = self.highest.choices = _levels("–")
        self.entry.choices = _levels(gettext("no level is given"))
        self.cap.choices = _levels(gettext("(choose)"))
        sizes = [(str(size), team_name(size)) for size in range(1, MOST_TEAM + 1)]
        self.team_size.choices = options([("", gettext("any size")), *sizes])
        kinds = [(one.value, label(one)) for one in ContestLevel]
        self.contest_level.choices = options([("", gettext("any level")), *kinds])
        rule = [("", gettext("as the rule says"))]
        texts = [(key, gettext(text)) for key, text in IF_HELD.items()]
        self.if_already_held.choices = options([*rule, *texts])

    @property
    def has_more(self) -> bool:
        """Say whether a rarer condition of the line is in use or wrong."""
        rare = (self.held, self.needs, self.team_size, self.contest_level, self.contest_class)
        return any(field.data or field.errors for field in (*rare, self.if_already_held))

    def cut(self) -> LevelCut:
        """Return the line as typed."""
        held = tuple(int(one) for one in self.held.data or ())
        return LevelCut(
            who=self.who.data,
            to=self.to.data,
            share=self.share.data,
            rounding=self.rounding.data,
            tiers=tuple(self.tiers.data or ()),
            needs=tuple(self.needs.data) if self.needs.data else None,
            team_size=_number(self.team_size.data),
            contest_class=self.contest_class.data or "",
            contest_level=self.contest_level.data or "",
            held=held or None,
            above=self.above.data,
            level=_number(self.level.data) if self.above.data == "level" else None,
            rise=self.rise.data or 0,
            entry=_number(self.entry.data),
            highest=_number(self.highest.data) or 1,
            if_already_held=self.if_already_held.data or None,
            cap=_number(self.cap.data),
        )


class LevelsForm(VersionedForm):
    """The lines of a level rule; of all lines the first that fits somebody counts."""

    cuts = FieldList(FormField(CutForm))
    reason = StringField(
        lazy_gettext("Reason of the amendment"), filters=[one_line], validators=[Length(max=400)]
    )

    def offer(self, plan: EventPlan, scheme: Scheme) -> None:
        """Offer what the event has to each line."""
        for row in self.cuts:
            row.form.offer(plan, scheme)

    def rule(self, present: LevelRule) -> LevelRule:
        """Return the rule with the lines as typed."""
        return present.model_copy(update={"cuts": tuple(row.form.cut() for row in self.cuts)})


def level_values(version: int, cuts: Sequence[LevelCut]) -> dict[str, Any]:
    """Return lines as their form shows them."""
    return {"version": version, "cuts": [_row(cut) for cut in cuts]}


def _row(cut: LevelCut) -> dict[str, Any]:
    texts = ("level", "entry", "highest", "team_size", "cap")
    return dict(cut) | {
        **{name: str(getattr(cut, name) or "") for name in texts},
        "held": [str(one) for one in cut.held or ()],
        "needs": list(cut.needs or ()),
        "tiers": list(cut.tiers),
        "if_already_held": cut.if_already_held or "",
    }
