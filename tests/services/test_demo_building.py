"""How the demonstration is made: on other days, at other sizes, of possible people."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from models.awards import LevelGrant
from models.certificates import Certificate
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryMember
from rules.identity import IdKind, parse_id, parse_phone
from rules.people import parse_name
from rules.schemes import Scheme
from rules.states import EventState
from services import demo, demo_events, demo_people, demo_scenes
from services.people_names import name_key
from tests.services.test_demo import NOW, quiet, states


def test_the_same_seed_makes_the_same_people(app: object) -> None:
    streams = [demo_people.People(Random(7), NOW.date()).take(50) for _ in range(2)]
    assert streams[0] == streams[1]
    assert streams[0] != demo_people.People(Random(8), NOW.date()).take(50)


def test_people_have_possible_names_and_numbers_that_are_given_to_nobody() -> None:
    people = demo_people.People(Random(1), NOW.date()).take(3000)
    for person in people:
        number = parse_id(IdKind.RESIDENT, person.id_number, NOW.date())
        assert number.normalized[14:17] == "000" and number.birth_date == person.birth_date
        assert parse_name(person.name) == person.name and name_key(person.name)
        assert person.phone and parse_phone(person.phone).startswith("1990000")
        assert person.birth_date and person.birth_date < date(2010, 9, 15)
    assert len({person.id_number for person in people}) == 3000
    assert any("·" in person.name for person in people)


def test_it_can_be_built_in_a_year_without_a_holiday_table(app: object) -> None:
    demo.build("small", datetime(2030, 12, 28, 20, 0, tzinfo=UTC), "hash", say=quiet)
    assert states()[EventState.NOTICE] == 1


def test_the_full_edition_has_18_events_and_4600_entries() -> None:
    held = demo._full()
    assert len(held) == 18 and len({one.sketch.occupation for one in held}) == 18
    assert sum(one.staff + one.students + 2 * one.dropped for one in held) == 4600
    assert [one.sketch.team_size for one in held].count(2) == 1


def test_a_past_edition_with_all_kinds_of_events_plays_to_its_end(app: object) -> None:
    stage = demo._set_up("small", NOW, "hash", 3, quiet)
    held = [demo_scenes.Held(one, 4, 2, 1, (1, 0, 1)) for one in demo_events.SKETCHES[-8:]]
    demo_scenes.play_past_edition(stage, held, (5, 3), 0.8)
    assert states() == {EventState.FINAL: 8}
    assert db.session.scalar(select(func.count()).select_from(LevelGrant))
    issued = db.session.scalars(
        select(Event.id)
        .distinct()
        .join(Entry)
        .join(EntryMember)
        .join(Certificate, Certificate.person_id == EntryMember.person_id)
    ).all()
    assert len(issued) == 5


def test_every_built_in_scheme_adds_up_to_a_hundred() -> None:
    for sketch in demo_events.SKETCHES:
        assert demo_events.scheme_for(sketch).part("practical").maximum == 100, sketch.title


def test_a_workbook_that_is_not_there_leaves_the_built_in_scheme(tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK")
    assert demo_events.cis_scheme_for(demo_events.SKETCHES[-1], tmp_path) is None


@pytest.mark.skipif(not demo_events.CIS_FOLDER.exists(), reason="../shared/data/cis is not there")
def test_the_real_workbook_gives_220_aspects() -> None:
    scheme = demo_events.cis_scheme_for(demo_events.SKETCHES[-1])
    assert isinstance(scheme, Scheme) and len(scheme.part("practical").aspects) == 220


def test_the_story_moves_with_the_day(app: object) -> None:
    demo.build("small", NOW + timedelta(days=200), "hash", say=quiet)
    assert {contest.year for contest in db.session.scalars(select(Contest))} == {2026, 2027}
