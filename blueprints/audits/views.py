"""The audit record, for those who supervise."""

import re
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.labels import LABELS
from blueprints.web import action_title, page_number, subject_title
from models.audits import AuditRecord
from rules import access
from rules.acts import Act
from rules.editions import ContestKind
from services import audits, contests
from services.audits_titles import Titles, list_titles
from services.audits_words import ACTIONS, FIELDS, SUBJECTS

blueprint = Blueprint("audits", __name__)

LONGEST_VALUE = 200
_WORDS = {str(value.value): label.text for (_kind, value), label in LABELS.items()}
# A state such as "closed" has another name for another thing.
_STATES = {
    (kind.__name__.removesuffix("State").lower(), str(value.value)): label.text
    for (kind, value), label in LABELS.items()
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MARKED = frozenset({"sheet", "seat"})
_CODED = frozenset({"level", "state", "status", "role", "kind", "filer", "outcome", "effect"})
_PAGES = {
    "account": ("accounts.show_account", Act.SEE_ACCOUNTS),
    "appeal": ("appeals.show_appeal", Act.SEE_APPEAL),
    "contest": ("contests.show_contest", Act.SEE_CONTESTS),
    "event": ("contests.show_event", Act.SEE_EVENT),
    "entry": ("entries.show_entry", Act.SEE_ENTRY),
    "employer": ("people.show_employer", Act.SEE_PEOPLE),
    "person": ("people.show_person", Act.SEE_PEOPLE),
    "revision": ("results.show_revision", Act.SEE_RESULTS),
    "notice": ("notices.show_notice", Act.READ_PUBLIC),
}


class Change(NamedTuple):
    """One value before and after, in the reader's words."""

    field: str
    before: str
    after: str


@blueprint.get("/audits")
@allows(Act.SEE_AUDIT)
def list_records() -> ResponseReturnValue:
    """List what was done, newest first."""
    within = access.contests_of(require_holder(), access.roles_of(Act.SEE_AUDIT))
    page = audits.list_records(_wanted(within), page_number())
    titles = list_titles(page.items)
    return render_template(
        "audits/list.html",
        page=page,
        changes=lambda record: _Reading(record, titles.get(record.id, Titles())).changes(),
        link=_link,
        actions=sorted(((key, action_title(key)) for key in ACTIONS), key=lambda pair: pair[1]),
        subjects=sorted(((key, subject_title(key)) for key in SUBJECTS), key=lambda pair: pair[1]),
        editions=contests.list_contests(within, size=100, kinds=tuple(ContestKind)).items,
    )


def _wanted(within: frozenset[int] | None) -> audits.Wanted:
    asked = request.args
    return audits.Wanted(
        action=asked.get("action", "")[:60],
        subject=asked.get("subject", "")[:40],
        subject_id=asked.get("id", type=int),
        contest_id=asked.get("contest", type=int),
        username=asked.get("q", "").strip().lower()[:64],
        contests=within,
    )


class _Reading:
    """One record in the reader's words."""

    def __init__(self, record: AuditRecord, titles: Titles) -> None:
        self._record, self._titles = record, titles

    def changes(self) -> list[Change]:
        """List each value that the record holds, before and after, those that stayed left out."""
        before, after = self._record.before or {}, self._record.after or {}
        return [
            Change(
                self._name(key),
                self._shown(key, before.get(key)),
                self._shown(key, after.get(key)),
            )
            for key in dict.fromkeys([*before, *after])
            if before.get(key) != after.get(key)
        ]

    def _name(self, key: str) -> str:
        """Say what a value is called; marks stand under the keys of aspects."""
        if self._record.subject in _MARKED:
            titled = self._titles.nodes.get(key) or self._titles.codes.get(key)
            if titled:
                return titled
        return str(gettext(FIELDS.get(key, key)))

    def _shown(self, key: str, value: object) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return str(gettext("yes") if value else gettext("no"))
        if isinstance(value, list):
            return _cut(gettext(", ").join(self._shown(key, one) for one in value))
        if isinstance(value, dict):
            known = [(name, one) for name, one in value.items() if one is not None]
            return _cut("; ".join(self._pair(name, one) for name, one in known))
        return self._text(key, str(value))

    def _pair(self, name: str, value: object) -> str:
        shown = self._shown(name, value)
        return shown if name == "role" else f"{self._name(name)} {shown}"

    def _text(self, key: str, text: str) -> str:
        if key in ("part", "account"):
            known = self._titles.parts if key == "part" else self._titles.accounts
            # A stage and what it holds are two titles in one.
            return " · ".join(str(gettext(one)) for one in known.get(text, text).split(" · "))
        if _DIGEST.fullmatch(text):
            return text[:12] + "…"
        return _coded(self._record.subject, text) if key in _CODED else _cut(text)


def _coded(subject: str, text: str) -> str:
    known = _STATES.get((subject, text)) or _WORDS.get(text)
    return str(gettext(known)) if known else text


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _link(record: AuditRecord) -> str | None:
    """Return the page of the thing, if the reader may see such pages."""
    endpoint, act = _PAGES.get(record.subject, ("", None))
    if act is None or record.subject_id is None or not access.may(act, require_holder()):
        return None
    arguments: dict[str, Any] = {f"{record.subject}_id": record.subject_id}
    return url_for(endpoint, **arguments)
