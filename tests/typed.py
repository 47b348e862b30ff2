"""What a browser would send of a form: the values that stand in its fields."""

from html.parser import HTMLParser
from typing import Any

from werkzeug.datastructures import MultiDict


class _Form(HTMLParser):
    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.typed: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self._wanted, self._inside = wanted, False
        self._select, self._first, self._chosen = "", "", ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, str] = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = self._wanted in given.get("class", "") + given.get("action", "")
        if not self._inside:
            return
        self.names.add(given.get("name", ""))
        if tag == "input" and given.get("name"):
            self._input(given)
        elif tag == "select":
            self._select, self._first, self._chosen = given["name"], "", ""
        elif tag == "option":
            self._first = self._first or f"={given.get('value', '')}"
            if "selected" in given:
                self._chosen = f"={given.get('value', '')}"
        elif tag == "textarea":
            self._area = given["name"]
            self.typed.append((self._area, ""))

    def _input(self, given: dict[str, str]) -> None:
        ticked = given.get("type") in ("checkbox", "radio")
        if given.get("type") != "file" and (not ticked or "checked" in given):
            self.typed.append((given["name"], given.get("value", "on" if ticked else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            self.typed.append((self._select, (self._chosen or self._first)[1:]))
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.typed[-1] = (self._area, self.typed[-1][1] + data)


def sent(page: str, form: str = "form", **more: Any) -> dict[str, Any]:
    """Return what the form with this class or action sends, with some fields typed anew.

    In the names of `more` underscores stand for hyphens; what the page doesn't have is an error.
    """
    reader = _Form(form)
    reader.feed(page)
    known = {name.replace("-", "_"): name for name in reader.names}
    values = MultiDict(reader.typed).to_dict(flat=False)
    return values | {known[name]: value for name, value in more.items()}


def typed_in(page: str, field: str) -> dict[str, Any]:
    """Return what the form that has this field sends as it stands."""
    for piece in page.split("<form")[1:]:
        reader = _Form("")
        reader.feed(f"<form{piece.split('</form>')[0]}</form>")
        if field in reader.names:
            return MultiDict(reader.typed).to_dict(flat=False)
    raise AssertionError(f"no form has {field}")
