"""Walk the pages of the program by their links, as a person or as a visitor.

Used by the checks in Chromium, by the counts of statements and by the benchmark of pages.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from lxml.etree import Element
from lxml.html import document_fromstring
from werkzeug.exceptions import HTTPException

# A refused form has the address it was sent to; loaded again, that leads to the form's own page.
WAYS_BACK = {
    "halls.check_in_photo",
    "halls.reseat",
    "judges.declare_relation",
    "judging.seat",
    "judging.sign_sheet",
    "judging.sign_table",
    "layers.begin_sealing",
    "layers.make_key",
    "layers.try_key",
    "papers.agree_line",
    "papers.drop_keyings",
    "papers.drop_page",
    "papers.file_page",
    "papers.propose_line",
    "papers.rule_line",
}
DEPTH = 16  # so many addresses of one endpoint are followed: its states differ, its rows do not


class Links:
    """The links of a page, and what it is made of."""

    def __init__(self, html: str) -> None:
        self.targets: list[str] = []
        self.parts: set[str] = set()
        self.token = ""
        for element in document_fromstring(html).iter(Element) if html else ():
            self._note(element.tag, element.attrib)

    def _note(self, tag: str, given: Mapping[str, str]) -> None:
        """Note a link, the token of forms, and the kind of element."""
        if tag == "a" and given.get("href"):
            self.targets.append(given["href"])
        if given.get("name") == "csrf_token":
            self.token = given.get("value", "")
        self.parts.add(f"{tag}.{given.get('class', '')}.{given.get('type', '')}")


@dataclass(frozen=True)
class Visited:
    """One page that was seen."""

    endpoint: str
    url: str
    status: int
    is_page: bool
    size: int
    parts: frozenset[str]
    extra: Any = None


@dataclass
class Walk:
    """What one person sees, by endpoint."""

    pages: dict[str, list[Visited]] = field(default_factory=lambda: defaultdict(list))

    def __iter__(self) -> Iterator[Visited]:
        for pages in self.pages.values():
            yield from pages

    def has_enough(self, endpoint: str, depth: int, files: int) -> bool:
        """Say whether so many pages of an endpoint are seen, or so many files if it gives files."""
        seen = self.pages[endpoint]
        gives_files = all(one.status == 200 and not one.is_page for one in seen)
        return len(seen) >= (files if gives_files and seen else depth)

    def fullest(self) -> dict[str, Visited]:
        """Return for each endpoint the page that is made of most kinds of elements."""
        return {
            endpoint: max(found, key=lambda page: (len(page.parts), page.size))
            for endpoint, pages in self.pages.items()
            if (found := [page for page in pages if page.is_page])
        }


def choose(walks: dict[str, Walk], known: Iterable[Walk] = ()) -> dict[str, list[Visited]]:
    """Choose what to look at: every kind of element that a page of an endpoint has, once.

    The fullest pages come first; of the others those that have a kind which was not there yet,
    nor in what is known already.
    """
    chosen: dict[str, list[Visited]] = {who: [] for who in walks}
    kinds: dict[str, set[str]] = defaultdict(set)
    for page in (one for walk in known for one in walk if one.is_page):
        kinds[page.endpoint] |= page.parts
    found = ((who, page) for who, pages in walks.items() for page in pages if page.is_page)
    for who, page in sorted(found, key=lambda one: -len(one[1].parts)):
        if page.parts - kinds[page.endpoint]:
            kinds[page.endpoint] |= page.parts
            chosen[who].append(page)
    return chosen


def get_endpoints(app: Flask) -> set[str]:
    """Name all endpoints that answer GET, but for the files."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.endpoint.endswith("static")
    }


def endpoint_of(app: Flask, url: str) -> str | None:
    """Name the endpoint that answers a GET of this address."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(url).path, method="GET")
    except HTTPException:
        return None
    return None if endpoint.endswith("static") else endpoint


def enter(client: FlaskClient, username: str, password: str) -> None:
    """Sign in through the page, its token included."""
    token = Links(client.get("/sign-in").text).token
    typed = {"username": username, "password": password, "csrf_token": token}
    reply = client.post("/sign-in", data=typed)
    assert reply.status_code == 303, reply.text


def walk(
    app: Flask,
    client: FlaskClient,
    starts: Sequence[str] = ("/",),
    depth: int = DEPTH,
    around: Callable[[Callable[[], Any]], tuple[Any, Any]] = lambda get: (get(), None),
    is_wanted: Callable[[str], bool] = lambda address: True,
    files: int | None = None,
) -> Walk:
    """Follow the links from some pages; ``around`` may measure each request.

    Of each endpoint so many pages are followed as ``depth`` says, and so many files as ``files``
    or else ``depth`` says.
    """
    files = depth if files is None else files
    seen, waiting, found = set(starts), deque(starts), Walk()
    while waiting:
        url = waiting.popleft()
        endpoint = endpoint_of(app, url)
        if endpoint is None or found.has_enough(endpoint, depth, files):
            continue
        reply, extra = around(lambda url=url: client.get(url))
        page = Links(reply.text if _is_page(reply) else "")
        found.pages[endpoint].append(_visited(endpoint, url, reply, page, extra))
        for target in [reply.location, *page.targets]:
            address = _local(url, target or "")
            if address and address not in seen and is_wanted(address):
                seen.add(address)
                waiting.append(address)
    return found


def _visited(endpoint: str, url: str, reply: Any, page: Links, extra: Any) -> Visited:
    is_page = _is_page(reply) and reply.status_code == 200
    size = len(reply.data)
    return Visited(endpoint, url, reply.status_code, is_page, size, frozenset(page.parts), extra)


def _is_page(reply: Any) -> bool:
    """Say whether a browser shows the reply; what it saves is no page, whatever it holds."""
    saved = reply.headers.get("Content-Disposition", "").startswith("attachment")
    return reply.mimetype == "text/html" and not saved


def _local(base: str, target: str) -> str | None:
    """Return the address that a link leads to, None when it leads away or nowhere."""
    parts = urlsplit(urljoin(f"http://localhost{base}", target))
    if parts.netloc != "localhost" or parts.scheme != "http":
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")
