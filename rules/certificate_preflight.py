"""What keeps certificates from being issued: found before the first one gets its number."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rules.refusals import Refused
from rules.texts import N_

# What two papers of one person may not have in common altogether.
_SAME = ("kind", "edition", "event", "division", "award", "trainees", "role", "level")


class Draft(NamedTuple):
    """A certificate that is to be issued: for whom, what it would say, why it cannot be printed."""

    holder: Hashable
    facts: Mapping[str, Any]
    problems: Sequence[Refused]


def obstacles(drafts: Sequence[Draft]) -> Iterator[Refused]:
    """Yield every obstacle by name: characters without a font, texts without room, doubles."""
    for _, problem in obstacles_by_draft(drafts):
        yield problem


def obstacles_by_draft(drafts: Sequence[Draft]) -> Iterator[tuple[int, Refused]]:
    """Yield every obstacle with the position of its draft; a double stands at the later ones."""
    for position, draft in enumerate(drafts):
        name, event = _named(draft.facts)
        for problem in draft.problems:
            message = N_("%(name)s, %(event)s: %(problem)s")
            yield position, Refused(message, name=name, event=event, problem=problem)
    said = Counter(_said(draft) for draft in drafts)
    seen: set[tuple[Hashable, ...]] = set()
    for position, draft in enumerate(drafts):
        words = _said(draft)
        if words in seen:
            name, event = _named(draft.facts)
            message = N_("%(name)s would get “%(award)s” of %(event)s %(number)s times.")
            what, number = _what(draft.facts), said[words]
            yield position, Refused(message, name=name, event=event, award=what, number=number)
        seen.add(words)


def _named(facts: Mapping[str, Any]) -> tuple[str, str]:
    return facts["name"], facts.get("event") or facts["edition"]


def _what(facts: Mapping[str, Any]) -> str:
    found = (str(facts[key]) for key in ("award", "role", "level") if facts.get(key))
    return next(found, str(facts["name"]))


def _said(draft: Draft) -> tuple[Hashable, ...]:
    values = (draft.facts.get(key) for key in _SAME)
    return (draft.holder, *("、".join(one) if isinstance(one, list) else one for one in values))


def missing_seal(body: str) -> Refused:
    """Say that papers want a seal printed that nobody has approved for this day."""
    message = N_("There is no approved seal of “%(body)s” that is valid today.")
    return Refused(message, body=body or "–")
