"""What keeps certificates from being issued: found before the first one gets its number."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rules.refusals import Refused
from rules.texts import N_

# What two papers of one person may not have in common altogether.
_SAME = ("edition", "event", "division", "award")


class Draft(NamedTuple):
    """A certificate that is to be issued: whose, what it would say, why it cannot be printed."""

    person_id: int
    facts: Mapping[str, Any]
    problems: Sequence[Refused]


def obstacles(drafts: Sequence[Draft]) -> Iterator[Refused]:
    """Yield every obstacle by name: characters without a font, texts without room, doubles."""
    for _, problem in obstacles_by_draft(drafts):
        yield problem


def obstacles_by_draft(drafts: Sequence[Draft]) -> Iterator[tuple[int, Refused]]:
    """Yield every obstacle with the position of its draft; a double stands at the later ones."""
    for position, draft in enumerate(drafts):
        name, event = draft.facts["name"], draft.facts["event"]
        for problem in draft.problems:
            message = N_("%(name)s, %(event)s: %(problem)s")
            yield position, Refused(message, name=name, event=event, problem=problem)
    said = Counter(_said(draft) for draft in drafts)
    seen: set[tuple[Any, ...]] = set()
    for position, draft in enumerate(drafts):
        words = _said(draft)
        if words in seen:
            name, event, award = (draft.facts[key] for key in ("name", "event", "award"))
            message = N_("%(name)s would get “%(award)s” of %(event)s %(number)s times.")
            number = said[words]
            yield position, Refused(message, name=name, event=event, award=award, number=number)
        seen.add(words)


def _said(draft: Draft) -> tuple[Any, ...]:
    return (draft.person_id, *(draft.facts[key] for key in _SAME))
