"""Pages of shares and employers' prizes, and what the explanation says of shares and honours."""

from flask.testing import FlaskClient

from models.entries import EntryCoach
from rules.plans import EditionRules, EventPlan, default_event_plan
from services import results
from tests.builders import Builder, sign_in
from tests.results_story import Story, followed

AWARDS = {
    "tiers": [
        {
            "key": "first",
            "name": "一等奖",
            "amount": 1000,
            "places": 1,
            "coach_amount": 300,
        }
    ],
    "honours": [{"title": "巾帼标兵", "granted_by": "慈溪市妇联", "sex": "F"}],
}
EDITION = EditionRules.model_validate(
    {"organisation_prizes": [{"key": "org", "title": "优秀组织奖", "amount": 2000}]}
)


def plan() -> EventPlan:
    return EventPlan.model_validate(default_event_plan().model_dump() | {"awards": AWARDS})


def coached(build: Builder) -> tuple[Story, int, str]:
    """A signed event with one winner who has a coach."""
    story = Story(build, plan=plan(), edition=EDITION)
    entry = story.entry("90", "90", employer_id=build.employer().id)
    coach = build.person(name="张教练")
    build._kept(EntryCoach(entry_id=entry.id, person_id=coach.id, position=1))
    return story, entry.id, coach.name


def test_the_shares_of_a_contest_are_listed_with_their_sums(
    client: FlaskClient, build: Builder
) -> None:
    story, _entry, coach = coached(build)
    organizer = sign_in(client, story.account("organizer"))
    address = f"/contests/{story.contest.id}/shares"
    assert "尚无奖金分配" in organizer.get(address).text
    revision = story.signed()
    page = organizer.get(address).text
    assert coach in page and "1,300 元" in page
    assert coach in organizer.get(f"{address}?revision={revision}").text
    other = build.contest()
    assert organizer.get(f"/contests/{other.id}/shares?revision={revision}").status_code == 404
    assert organizer.get(f"{address}?revision=999").status_code == 404


def test_the_explanation_says_shares_and_honours(client: FlaskClient, build: Builder) -> None:
    story, entry, coach = coached(build)
    revision = story.computed()
    organizer = sign_in(client, story.account("organizer"))
    page = organizer.get(f"/revisions/{revision}/entries/{entry}").text
    for text in ("选手所得", "教练所得", coach, "巾帼标兵", "慈溪市妇联", "300 元"):
        assert text in page, text


def test_the_prizes_of_employers_are_given_on_their_page(
    client: FlaskClient, build: Builder
) -> None:
    story, _entry, _coach = coached(build)
    sign_in(client, story.account("organizer"))
    address = f"/contests/{story.contest.id}/employer-prizes"
    assert "成绩尚未签署" in client.get(address).text
    assert "成绩尚未签署" in followed(client, address).text
    story.signed()
    assert "尚未授予" in client.get(address).text
    page = followed(client, address).text
    assert "单位奖项已授予" in page and "已授予" in page
    assert "优秀组织奖" in client.get(f"/contests/{story.contest.id}/shares").text


def test_an_edition_without_prizes_says_where_to_add_one(
    client: FlaskClient, build: Builder
) -> None:
    story = Story(build)
    sign_in(client, story.account("organizer"))
    page = client.get(f"/contests/{story.contest.id}/employer-prizes").text
    assert f"/contests/{story.contest.id}/budget" in page
    assert results.list_blockers(story.event.id) == []
