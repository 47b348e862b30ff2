"""The words of the checker: it works without us, so it carries them in both languages."""

from flask_babel import force_locale, gettext

from services.settings import LANGUAGES
from services.statements_words import WORDS, plain


def both() -> dict[str, dict[str, str]]:
    """Return the words in both languages."""
    found = {}
    for language in LANGUAGES:
        with force_locale(language):
            short = "zh" if language.startswith("zh") else "en"
            found[short] = {key: plain(gettext(text)) for key, text in WORDS.items()}
    return found
