"""When two titles or names are the same, however brackets, spaces, width and case are typed."""

import unicodedata


def bare_title(text: str) -> str:
    """Return what two spellings of one title or name have in common."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
