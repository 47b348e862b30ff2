"""Words of the pages of mentorships."""

from flask_babel import gettext

from rules.texts import N_

_FIELDS = {
    "skill": N_("Skill that is passed on"),
    "target": N_("Target of the teaching"),
    "plan": N_("Teaching plan"),
    "assessment": N_("How progress is assessed"),
    "safeguards": N_("What the employer provides"),
    "ends_on": N_("Last day"),
}


def agreement_field(name: str) -> str:
    """Say the name of a field of an agreement."""
    return str(gettext(_FIELDS[name]))
