"""Who and which employers a list brings in that nobody knew before, so that it can be undone."""

from collections.abc import Iterable

from rules.people import PersonFacts
from services.people import known_people, person_index
from services.people_employers import employer_choices, title_key


class Newcomers:
    """People and employers of a list: made before they are stored, asked after it."""

    def __init__(self, people: Iterable[PersonFacts | None], employers: Iterable[str]) -> None:
        indexes = {person_index(one.id_number) for one in people if one is not None}
        self._people = indexes - set(known_people(indexes))
        known = {title_key(title) for _, title in employer_choices()}
        self._employers = {title_key(title) for title in employers} - known

    def made(self) -> dict[str, list[int]]:
        """Return the ids of those who are stored by now."""
        people = known_people(self._people).values()
        employers = [
            key for key, title in employer_choices() if title_key(title) in self._employers
        ]
        return {"people": sorted(one.id for one in people), "employers": sorted(employers)}
