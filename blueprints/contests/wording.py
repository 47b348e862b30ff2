"""Names that are stored as data are said in the language of the edition, not of the reader."""

from flask import current_app
from flask_babel import force_locale, gettext

from services.events import USUAL_DIVISIONS


def say(text: str) -> str:
    """Say a marked text in the language in which editions are kept."""
    with force_locale(current_app.config["BABEL_DEFAULT_LOCALE"]):
        return str(gettext(text))


def division_title(code: str) -> str:
    """Return the title of a usual division."""
    return say(USUAL_DIVISIONS[code])
