"""What the registers know of somebody, as rows, for tests of selections."""

from datetime import date

from models.honours import Honour
from models.people import Person
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.states import HonourState
from tests.builders import NOW, Builder


def is_given(build: Builder, person: Person, **more: object) -> Honour:
    """A title of the province that stands in the register."""
    facts: dict[str, object] = {
        "person_id": person.id, "title": "浙江省技术能手", "kind": HonourKind.TITLE,
        "level": HonourLevel.PROVINCE, "granted_on": date(2024, 5, 1), "programme": "省评选",
        "year": 2024, "via": HonourVia.SELECTION, "source": HonourSource.HISTORY,
        "state": HonourState.STANDING, "recorded_at": NOW,
    }  # fmt: skip
    return build._kept(Honour(**(facts | more)))
