"""The board and the ceremony: codes only, one statement, an exact freeze, signed results only."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.boards import BoardShot
from models.database import db
from models.entries import Entry
from models.judging import Sheet
from rules.days import DayRules
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from rules.states import EventState, SheetState
from services import appeals, boards, boards_ceremonies
from services.appeals import Ending
from tests.builders import Builder, sign_in
from tests.conftest import Clock
from tests.results_story import NOW, Story

Statements = Callable[[], AbstractContextManager[list[str]]]
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def tell(build: Builder) -> Callable[..., Story]:
    """An event that is being scored, with two works complete and signed a minute ago."""

    def told(**day: Any) -> Story:
        rules = EditionRules(day=DayRules(**({"board": "live"} | day)))
        story = Story(build, edition=rules)
        story.event.state = EventState.SCORING
        employer = build.employer(title="不该出现的单位")
        story.entry("90", "90", employer_id=employer.id)
        story.entry("80", "80", employer_id=employer.id)
        sign_all(story, NOW - MINUTE)
        return story

    return told


def sign_all(story: Story, at: Any, codes: set[str] | None = None) -> None:
    """Let the sheets of these works, or of all, have been signed at an instant."""
    for sheet in db.session.scalars(select(Sheet).where(Sheet.event_id == story.event.id)):
        if codes is None or sheet.work.code in codes:
            sheet.state, sheet.signed_at = SheetState.SIGNED, at
    db.session.commit()


def shown(story: Story, now: Any) -> list[tuple[int | None, str, str]]:
    """What a reader of the board sees of the first division."""
    found = boards.board_state(story.event.id, now)
    titles = {division.id: division.title for division in story.event.divisions}
    divisions = boards.board_lines(found, titles)
    return [(one.place, one.code, one.total) for one in divisions[0].lines] if divisions else []


def test_the_board_shows_codes_and_places_of_complete_works(tell: Callable[..., Story]) -> None:
    story = tell()
    assert shown(story, NOW) == [(1, "W000", "90.00"), (2, "W001", "80.00")]
    for entry in db.session.scalars(select(Entry)):
        content = str(db.session.scalar(select(BoardShot.content)))
        assert entry.title not in content and entry.number not in content
        assert "单位" not in content


def test_a_work_with_an_open_sheet_is_only_counted(tell: Callable[..., Story]) -> None:
    story = tell()
    sign_all(story, None, {"W001"})
    assert shown(story, NOW) == [(1, "W000", "90.00")]
    content = db.session.scalars(select(BoardShot.content)).one()
    assert content["divisions"][0]["open"] == 1


def test_it_is_drawn_anew_after_a_signature_but_not_more_often_than_allowed(
    tell: Callable[..., Story],
) -> None:
    story = tell(board_seconds=15)
    sign_all(story, None, {"W001"})
    assert len(shown(story, NOW)) == 1
    sign_all(story, NOW + SECOND, {"W001"})
    assert len(shown(story, NOW + 14 * SECOND)) == 1
    assert len(shown(story, NOW + 15 * SECOND)) == 2
    sign_all(story, None, {"W000"})  # opened again: it leaves the board
    assert len(shown(story, NOW + 40 * SECOND)) == 1
    assert len(db.session.scalars(select(BoardShot)).all()) == 1


def test_the_freeze_is_exact_even_if_nobody_looked_before_it(tell: Callable[..., Story]) -> None:
    story = tell(board_freeze_minutes=30)
    ending = Ending(expected_at=NOW + 30 * MINUTE)
    appeals.end_event(story.actor("organizer"), story.event.id, ending)
    sign_all(story, NOW + SECOND, {"W001"})
    late = NOW + 20 * MINUTE
    assert shown(story, late) == [(1, "W000", "90.00")]
    assert boards.board_state(story.event.id, late).frozen
    sign_all(story, NOW - SECOND, {"W001"})  # whatever is signed now, the picture stands
    assert shown(story, late + 5 * MINUTE) == [(1, "W000", "90.00")]


def test_a_freeze_that_is_set_later_takes_the_newer_picture_away(
    tell: Callable[..., Story],
) -> None:
    story = tell(board_freeze_minutes=30)
    sign_all(story, NOW, {"W001"})
    assert len(shown(story, NOW + 10 * MINUTE)) == 2
    appeals.end_event(story.actor("organizer"), story.event.id, Ending(NOW + 29 * MINUTE))
    assert len(shown(story, NOW + 11 * MINUTE)) == 1


@pytest.mark.parametrize("names", [False, True])
def test_signed_results_take_the_boards_place_with_names_only_if_the_rules_say_so(
    tell: Callable[..., Story], names: bool
) -> None:
    story = tell(board_names=names)
    story.event.state = EventState.REVIEW
    db.session.commit()
    story.signed()
    found = boards.board_state(story.event.id, NOW)
    (division,) = boards.board_lines(found, {story.event.divisions[0].id: "职工组"})
    assert [line.place for line in division.lines] == [1, 2]
    assert all(bool(line.name) == names for line in division.lines)


def test_a_repeated_look_is_one_statement(
    tell: Callable[..., Story], statements: Statements
) -> None:
    story = tell()
    event_id = story.event.id
    first = boards.board_state(event_id, NOW)
    with statements() as seen:
        again = boards.board_state(event_id, NOW + MINUTE)
    assert len(seen) == 1 and again.tag == first.tag


@pytest.mark.parametrize("day", [{"board": "none"}])
def test_without_the_rule_there_is_no_board(
    tell: Callable[..., Story], client: FlaskClient, day: dict[str, Any]
) -> None:
    story = tell(**day)
    with pytest.raises(Missing):
        boards.board_state(story.event.id, NOW)
    assert client.get(f"/board/{story.contest.id}").status_code == 404
    assert client.get(f"/board/events/{story.event.id}/data").status_code == 404


def test_readers_get_304_while_nothing_changed_and_never_a_name(
    tell: Callable[..., Story], client: FlaskClient, clock: Clock
) -> None:
    story = tell()
    url = f"/board/events/{story.event.id}/data"
    page = client.get(f"/board/{story.contest.id}").text
    assert url in page and "W000" in page and "非正式成绩" in page
    first = client.get(url)
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get(url, headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    sign_all(story, None, {"W001"})
    clock.now += timedelta(seconds=20)
    changed = client.get(url, headers=tag)
    assert changed.status_code == 200 and "W001" not in changed.text
    for text in (page, first.text, changed.text):
        for entry in db.session.scalars(select(Entry)):
            assert entry.title not in text and entry.number not in text
        assert "不该出现的单位" not in text


def test_two_databases_that_differ_only_in_names_show_the_same_board(
    tell: Callable[..., Story], client: FlaskClient
) -> None:
    story = tell()
    url = f"/board/events/{story.event.id}/data"
    before = client.get(url)
    first, second = db.session.scalars(select(Entry).order_by(Entry.id))
    first.title, second.title = second.title, first.title
    first.members[0].person.name = "另一个人"
    db.session.commit()
    after = client.get(url)
    assert (before.data, before.headers["ETag"]) == (after.data, after.headers["ETag"])


@pytest.fixture
def signed(tell: Callable[..., Story]) -> Story:
    """An event with signed results, six works in one division."""
    story = tell()
    story.field(["70", "75", "65", "61"])
    story.event.state = EventState.REVIEW
    db.session.commit()
    story.signed()
    return story


def test_the_ceremony_begins_with_the_last_third_prize_and_ends_with_the_first(
    signed: Story,
) -> None:
    by = signed.actor("organizer")
    boards_ceremonies.name_presenters(by, signed.event.id, {"first": "市长", "third": " "})
    boards_ceremonies.name_presenters(by, signed.event.id, {"first": "副市长"})
    revision = boards_ceremonies.find_signed(signed.event.id)
    assert revision is not None
    called = boards_ceremonies.list_honoured(revision)
    assert [one.rank for one in called] == [6, 5, 4, 3, 2, 1]
    assert [one.order for one in called] == [1, 2, 3, 4, 5, 6]
    assert (called[-1].presenter, called[0].presenter) == ("副市长", "")
    assert called[-1].honours and called[-1].employer == "不该出现的单位"
    with pytest.raises(Refused):
        boards_ceremonies.name_presenters(by, signed.event.id, {"fourth": "x"})
    with pytest.raises(Refused):
        boards_ceremonies.name_presenters(by, signed.event.id, {"first": "长" * 201})
    assert boards_ceremonies.workbook(revision)[:2] == b"PK"


def test_nothing_is_announced_from_a_draft(tell: Callable[..., Story], client: FlaskClient) -> None:
    story = tell()
    story.event.state = EventState.REVIEW
    db.session.commit()
    story.computed()
    assert boards_ceremonies.find_signed(story.event.id) is None
    sign_in(client, story.account("organizer"))
    page = client.get(f"/events/{story.event.id}/ceremony")
    assert page.status_code == 200 and "尚无已签字的成绩" in page.text
    for name in ("ceremony/stage", "results/screen", "ceremony.xlsx", "ceremony.pdf"):
        assert client.get(f"/events/{story.event.id}/{name}").status_code == 404


def test_the_pages_of_the_ceremony_open(client: FlaskClient, signed: Story) -> None:
    base = f"/events/{signed.event.id}"
    sign_in(client, signed.account("organizer"))
    data = {"tier-first": "市长", "tier-second": "", "tier-third": ""}
    assert client.post(f"{base}/ceremony/presenters", data=data).status_code == 303
    assert "市长" in client.get(f"{base}/ceremony").text
    stage = client.get(f"{base}/ceremony/stage").text
    assert stage.count("data-one") == 6 and "不该出现的单位" in stage
    assert "data-one" in client.get(f"{base}/results/screen").text
    assert client.get(f"{base}/ceremony.pdf").data.startswith(b"%PDF")
    assert client.get(f"{base}/ceremony.xlsx").data.startswith(b"PK")
    client.post("/sign-out")
    sign_in(client, signed.account("hall_clerk"))
    assert client.get(f"{base}/ceremony").status_code == 200
    assert client.post(f"{base}/ceremony/presenters", data=data).status_code == 403
