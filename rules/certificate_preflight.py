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
    for draft in drafts:
        name, event = draft.facts["name"], draft.facts["event"]
        for problem in draft.problems:
            message = N_("%(name)s, %(event)s: %(problem)s")
            yield Refused(message, name=name, event=event, problem=problem)
    said = Counter(_said(draft) for draft in drafts)
    first = {_said(draft): draft.facts for draft in reversed(drafts)}
    for words, number in said.items():
        if number > 1:
            name, event, award = (first[words][key] for key in ("name", "event", "award"))
            message = N_("%(name)s would get “%(award)s” of %(event)s %(number)s times.")
            yield Refused(message, name=name, event=event, award=award, number=number)


def _said(draft: Draft) -> tuple[Any, ...]:
    return (draft.person_id, *(draft.facts[key] for key in _SAME))


def missing_seal(body: str) -> Refused:
    """Say that papers want a seal printed that nobody has approved for this day."""
    message = N_("There is no approved seal of “%(body)s” that is valid today.")
    return Refused(message, body=body or "–")
