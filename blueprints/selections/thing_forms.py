"""The form of a clause, a floor or cap, or a letter of a round."""

from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import Length, Optional, Regexp

from blueprints.condition_forms import ClauseForm
from blueprints.forms import CheckboxesField, one_line, options
from rules.selection_rounds import AMOUNT, RoundRules


class ThingForm(ClauseForm):
    """A clause, a floor or cap, or a letter; each shows the fields that it has."""

    reason = StringField(
        lazy_gettext("Reason of the amendment"), filters=[one_line], validators=[Length(max=400)]
    )
    title = StringField(lazy_gettext("Name"), filters=[one_line], validators=[Length(max=80)])
    at_least = StringField(
        lazy_gettext("At least"),
        filters=[one_line],
        validators=[Optional(), Regexp(AMOUNT)],
        description=lazy_gettext("A number such as 3, or a part with the percent sign behind it."),
    )
    at_most = StringField(
        lazy_gettext("At most"), filters=[one_line], validators=[Optional(), Regexp(AMOUNT)]
    )
    tiers = CheckboxesField(
        lazy_gettext("Only for these tiers"), description=lazy_gettext("None ticked: for all.")
    )

    def offer_of(self, rules: RoundRules) -> None:
        """Offer the tiers and the questions of a round."""
        self.tiers.choices = options((tier.key, tier.name) for tier in rules.tiers)
        self.offer({one.key: one.title for one in rules.form})
