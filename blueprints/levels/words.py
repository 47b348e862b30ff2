"""The words of level lists: fields of columns, problems of lines, matches of returned rows."""

from flask_babel import gettext

from blueprints.labels import label, level_title
from rules.identity import IdKind
from rules.level_checks import PROBLEM_TEXTS, LineProblem
from rules.level_layouts import LevelField
from rules.level_returns import GOOD, MATCH_TEXTS, Match
from rules.texts import N_
from services.levels_export import Words

FIELDS = {
    LevelField.SERIAL: N_("Number of the row"),
    LevelField.NAME: N_("Name"),
    LevelField.SEX: N_("Sex"),
    LevelField.ID_KIND: N_("Kind of identity document"),
    LevelField.ID_NUMBER: N_("Identity number"),
    LevelField.BIRTH_DATE: N_("Birth date"),
    LevelField.PHONE: N_("Phone"),
    LevelField.EMPLOYER: N_("Employer"),
    LevelField.CONTEST: N_("Contest"),
    LevelField.EVENT: N_("Event"),
    LevelField.DIVISION: N_("Division"),
    LevelField.OCCUPATION: N_("Occupation"),
    LevelField.LEVEL: N_("Recommended level"),
    LevelField.LEVEL_NUMBER: N_("Recommended level as a figure"),
    LevelField.THEORY: N_("Theory"),
    LevelField.PRACTICAL: N_("Practical"),
    LevelField.TOTAL: N_("Total"),
    LevelField.RANK: N_("Rank"),
    LevelField.HELD: N_("Level held"),
    LevelField.REASON: N_("Reason"),
    LevelField.CERTIFICATE_NUMBER: N_("Certificate number"),
    LevelField.CERTIFIED_ON: N_("Certified on"),
    LevelField.CONSTANT: N_("The same text in each row"),
}
_SEXES = {"M": N_("Male"), "F": N_("Female")}


def problem_text(problem: str) -> str:
    """Say what stands against a line."""
    return str(gettext(PROBLEM_TEXTS[LineProblem(problem)]))


def match_text(match: Match) -> str:
    """Say how a returned row fits."""
    return str(gettext(MATCH_TEXTS[match]))


def match_tone(match: Match) -> str:
    """Return the tone of its chip."""
    if match in GOOD:
        return "good" if match is Match.MATCHED else "info"
    return "warn" if match is Match.MISSING else "bad"


def file_words() -> Words:
    """Return how coded values are said in the file, in the reader's language."""
    return Words(
        lambda text: str(gettext(text)),
        level_title,
        lambda sex: str(gettext(_SEXES[sex])) if sex in _SEXES else "",
        lambda kind: label(IdKind(kind)),
    )
