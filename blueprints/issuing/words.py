"""The language of the paper, whatever the language of the page."""

from flask_babel import force_locale, gettext


def in_chinese(text: str) -> str:
    """Translate a term of the usual plan: certificates are Chinese whatever the page's language."""
    with force_locale("zh_Hans_CN"):
        return str(gettext(text))
