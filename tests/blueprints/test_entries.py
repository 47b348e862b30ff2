"""Pages of entries: who sees what, enter, correct, review."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.contests import Event
from models.database import db
from models.entries import Entry
from models.people import Person
from rules.states import EntryState, EventState
from tests.builders import Builder, sign_in
from tests.conftest import Clock

LATE = datetime(2026, 10, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def event(build: Builder) -> Event:
    return build.event(state=EventState.REGISTERING)


def typed(event: Event, build: Builder, **more: str) -> dict[str, str]:
    """What somebody types into the form of a single entry."""
    return {
        "division_id": str(event.divisions[0].id),
        "members-0-name": "王小明",
        "members-0-id_kind": "resident",
        "members-0-id_number": build.id_number(),
        "members-0-phone": "13912345678",
        "members-0-held_level": "4",
    } | more


def entered() -> list[Entry]:
    return list(db.session.scalars(select(Entry).order_by(Entry.id)))


@pytest.fixture
def employer(client: FlaskClient, build: Builder) -> int:
    """A signed-in employer."""
    employer_id: int = build.employer().id
    sign_in(client, build.account("employer", employer_id=employer_id))
    return employer_id


def test_an_employer_enters_a_person_who_then_waits_for_review(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    assert event.title in client.get("/entries/open").text
    reply = client.post(f"/events/{event.id}/enter", data=typed(event, build))
    assert reply.status_code == 303, reply.text
    (entry,) = entered()
    assert (entry.title, entry.state, entry.employer_id) == ("王小明", "submitted", employer)
    assert entry.number == f"{event.code}-001"
    person = entry.members[0].person
    assert (person.sex, person.birth_date, person.held_level) == ("F", date(1990, 5, 17), 4)
    assert person.name_key.startswith("wang xiaoming")


def test_all_errors_of_the_form_stand_at_their_fields_and_what_was_typed_is_kept(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    wrong = {
        "division_id": "",
        "members-0-id_number": "330281199005170001",
        "members-0-phone": "12",
        "members-0-name": "王小明2",
    }
    reply = client.post(f"/events/{event.id}/enter", data=typed(event, build, **wrong))
    assert reply.status_code == 422
    for name, value in wrong.items():
        assert f'id="{name}-error"' in reply.text
        assert f'value="{value}"' in reply.text
    assert not entered()


def test_a_known_number_with_another_name_is_refused_without_telling_the_name(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    known = build.person(name="欧阳秘密")
    data = typed(event, build, **{"members-0-id_number": known.id_number})
    reply = client.post(f"/events/{event.id}/enter", data=data)
    assert reply.status_code == 422
    assert 'id="members-0-name-error"' in reply.text
    assert "欧阳秘密" not in reply.text


def test_nobody_is_entered_twice_in_one_event_but_again_after_withdrawal(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    data = typed(event, build)
    first = client.post(f"/events/{event.id}/enter", data=data).headers["Location"]
    again = client.post(f"/events/{event.id}/enter", data=data)
    assert again.status_code == 422
    assert 'id="members-0-id_number-error"' in again.text
    client.post(f"{first}/withdraw")
    assert client.post(f"/events/{event.id}/enter", data=data).status_code == 303
    assert [e.state for e in entered()] == [EntryState.WITHDRAWN, EntryState.SUBMITTED]
    client.post(f"{first}/enter-again")
    assert [e.state for e in entered()] == [EntryState.WITHDRAWN, EntryState.SUBMITTED]


def test_a_double_click_enters_once(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    data = typed(event, build, request_key="abc-1")
    first = client.post(f"/events/{event.id}/enter", data=data)
    second = client.post(f"/events/{event.id}/enter", data=data)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(entered()) == 1


def test_a_child_is_refused_at_the_number(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    number = {"members-0-id_number": build.id_number(date(2012, 1, 1))}
    reply = client.post(f"/events/{event.id}/enter", data=typed(event, build, **number))
    assert reply.status_code == 422
    assert 'id="members-0-id_number-error"' in reply.text


def test_a_passport_needs_a_birth_date(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    passport = {"members-0-id_kind": "passport", "members-0-id_number": "E12345678"}
    reply = client.post(f"/events/{event.id}/enter", data=typed(event, build, **passport))
    assert 'id="members-0-birth_date-error"' in reply.text
    born = {"members-0-birth_date": "1990-02-03", "members-0-sex": "M"}
    reply = client.post(f"/events/{event.id}/enter", data=typed(event, build, **passport, **born))
    assert reply.status_code == 303
    assert entered()[0].members[0].person.birth_date == date(1990, 2, 3)


def test_after_the_deadline_only_the_organizer_enters(
    client: FlaskClient, build: Builder, clock: Clock, event: Event, employer: int
) -> None:
    clock.now = LATE
    assert "2026-09-30" in client.get(f"/events/{event.id}/enter").text
    assert client.post(f"/events/{event.id}/enter", data=typed(event, build)).status_code == 422
    client.post("/sign-out")
    sign_in(client, build.account("organizer"))
    data = typed(event, build, employer_id=str(employer))
    assert client.post(f"/events/{event.id}/enter", data=data).status_code == 303
    assert entered()[0].employer_id == employer


def test_a_draft_contest_is_unknown_to_employers(
    client: FlaskClient, build: Builder, employer: int
) -> None:
    hidden = build.event(build.contest())
    assert client.get(f"/events/{hidden.id}/enter").status_code == 404
    assert client.get(f"/contests/{hidden.contest_id}/entries/import").status_code == 404


def test_a_contestant_enters_himself_without_typing_his_number(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    person = build.person(name="王小明")
    sign_in(client, build.account("contestant", person_id=person.id))
    page = client.get(f"/events/{event.id}/enter").text
    assert person.id_number not in page
    data = typed(event, build, **{"members-0-name": "别人", "members-0-id_number": ""})
    assert client.post(f"/events/{event.id}/enter", data=data).status_code == 303
    assert entered()[0].members[0].person_id == person.id
    assert "王小明" in client.get("/entries").text


def test_a_contestant_account_cannot_claim_somebody_who_is_known(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    known = build.person(name="王小明")
    sign_in(client, build.account("contestant"))
    data = typed(event, build, **{"members-0-id_number": known.id_number})
    assert client.post(f"/events/{event.id}/enter", data=data).status_code == 422
    assert client.post(f"/events/{event.id}/enter", data=typed(event, build)).status_code == 303
    assert "王小明" in client.get("/entries").text


def test_a_pair_is_entered_together(client: FlaskClient, build: Builder, employer: int) -> None:
    event = build.event(state=EventState.REGISTERING, team_size=2)
    second = {
        "members-1-name": "李小红",
        "members-1-id_kind": "resident",
        "members-1-id_number": build.id_number(),
        "members-1-phone": "13812345678",
    }
    data = typed(event, build)
    missing = client.post(f"/events/{event.id}/enter", data=data)
    assert 'id="members-1-name-error"' in missing.text
    same = data | second | {"members-1-id_number": data["members-0-id_number"]}
    assert client.post(f"/events/{event.id}/enter", data=same).status_code == 422
    assert client.post(f"/events/{event.id}/enter", data=data | second).status_code == 303
    assert entered()[0].title == "王小明、李小红"


def test_employers_and_contestants_see_only_their_own(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    own = build.entry(event, employer_id=employer, title="自己人")
    foreign = build.entry(event, employer_id=build.employer().id, title="外人")
    page = client.get(f"/contests/{event.contest_id}/entries").text
    assert "自己人" in page
    assert "外人" not in page
    assert client.get(f"/entries/{own.id}").status_code == 200
    for path in ("", "/edit"):
        assert client.get(f"/entries/{foreign.id}{path}").status_code == 404
    assert client.post(f"/entries/{foreign.id}/withdraw").status_code == 404
    assert client.get(f"/entries/{own.id}/review").status_code == 403


def test_no_page_shows_a_whole_identity_number(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    person = build.person()
    entry = build.entry(event, EntryState.SUBMITTED, person)
    sign_in(client, build.account("organizer"))
    pages = [f"/entries/{entry.id}{tail}" for tail in ("", "/edit", "/review")]
    for path in (*pages, "/people", f"/people/{person.id}", f"/people/{person.id}/edit"):
        reply = client.get(path)
        assert reply.status_code == 200, path
        assert person.id_number not in reply.text, path
        assert not re.search(r"\d{12}", re.sub(r'value="[0-9a-f]{32}"', "", reply.text)), path


def test_a_returned_entry_is_corrected_and_handed_in_again_even_after_the_deadline(
    client: FlaskClient, build: Builder, clock: Clock, event: Event, employer: int
) -> None:
    clock.now = LATE
    person = build.person(name="王小明")
    entry = build.entry(event, EntryState.RETURNED, person, employer_id=employer, remark="缺电话")
    page = client.get("/entries").text
    assert f"/entries/{entry.id}/edit" in page
    assert "缺电话" in page
    data = typed(event, build, version="1", **{"members-0-id_number": ""})
    data["members-0-phone"] = "13700000000"
    assert client.post(f"/entries/{entry.id}/edit", data=data).status_code == 303
    (kept,) = entered()
    assert (kept.state, kept.remark) == (EntryState.SUBMITTED, "")
    assert kept.members[0].person.phone == "13700000000"


def test_a_stale_correction_is_refused(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    person = build.person(name="王小明")
    entry = build.entry(event, EntryState.SUBMITTED, person, employer_id=employer)
    data = typed(event, build, version="7", **{"members-0-id_number": ""})
    assert client.post(f"/entries/{entry.id}/edit", data=data).status_code == 422


def test_members_may_change_places_and_be_replaced(
    client: FlaskClient, build: Builder, employer: int
) -> None:
    event = build.event(state=EventState.REGISTERING, team_size=2)
    one, two = build.person(name="甲一"), build.person(name="乙二")
    entry = build.entry(event, EntryState.SUBMITTED, one, employer_id=employer)
    entry.members[0].entry.members.append(
        type(entry.members[0])(event_id=event.id, person_id=two.id, position=2)
    )
    db.session.commit()
    data = typed(event, build, version=str(entry.version))
    for place, person in enumerate((two, one)):
        data |= {
            f"members-{place}-name": person.name,
            f"members-{place}-id_kind": "resident",
            f"members-{place}-id_number": person.id_number,
            f"members-{place}-phone": "13912345678",
        }
    assert client.post(f"/entries/{entry.id}/edit", data=data).status_code == 303
    assert [m.person_id for m in entered()[0].members] == [two.id, one.id]


def test_an_accepted_entry_is_changed_by_the_organizer_only(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    entry = build.entry(event, employer_id=employer)
    assert client.get(f"/entries/{entry.id}/edit").status_code == 303
    client.post("/sign-out")
    sign_in(client, build.account("organizer"))
    assert client.get(f"/entries/{entry.id}/edit").status_code == 200


def test_the_organizer_reviews_one_after_the_other(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    first = build.entry(event, EntryState.SUBMITTED)
    second = build.entry(event, EntryState.SUBMITTED)
    sign_in(client, build.account("organizer"))
    accept = {"version": "1", "decision": "accepted", "out_of_competition": "y"}
    reply = client.post(f"/entries/{first.id}/review", data=accept)
    assert reply.headers["Location"] == f"/entries/{second.id}/review"
    without = client.post(
        f"/entries/{second.id}/review", data={"version": "1", "decision": "returned"}
    )
    assert without.status_code == 422
    assert 'id="reason-error"' in without.text
    reason = {"version": "1", "decision": "returned", "reason": "照片不清楚"}
    reply = client.post(f"/entries/{second.id}/review", data=reason)
    assert reply.headers["Location"] == f"/contests/{event.contest_id}/entries"
    states = [(e.state, e.in_competition, e.remark) for e in entered()]
    assert states == [(EntryState.ACCEPTED, False, ""), (EntryState.RETURNED, True, "照片不清楚")]
    assert "照片不清楚" in client.get(f"/entries/{second.id}").text


def test_a_rejected_entry_frees_its_people(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    person = build.person(name="王小明")
    entry = build.entry(event, EntryState.SUBMITTED, person)
    sign_in(client, build.account("organizer"))
    reject = {"version": "1", "decision": "rejected", "reason": "单位不对"}
    client.post(f"/entries/{entry.id}/review", data=reject)
    data = typed(event, build, **{"members-0-id_number": person.id_number})
    assert client.post(f"/events/{event.id}/enter", data=data).status_code == 303
    again = client.post(f"/entries/{entry.id}/review", data=reject | {"version": "2"})
    assert again.status_code == 422


def test_chosen_entries_are_accepted_together_and_foreign_ones_left_alone(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    chosen = [build.entry(event, EntryState.SUBMITTED) for _ in range(2)]
    other_event = build.event(state=EventState.REGISTERING)
    foreign = build.entry(other_event, EntryState.SUBMITTED)
    sign_in(client, build.account("organizer", event.contest_id))
    path = f"/contests/{event.contest_id}/entries"
    ids = [str(entry.id) for entry in (*chosen, foreign)]
    reply = client.post(f"{path}/accept?state=submitted", data={"ids": ids})
    assert reply.headers["Location"] == f"{path}?state=submitted"
    states = {entry.id: entry.state for entry in entered()}
    assert [states[entry.id] for entry in chosen] == [EntryState.ACCEPTED] * 2
    assert states[foreign.id] is EntryState.SUBMITTED
    client.post(f"{path}/accept", data={})
    assert "tone-bad" in client.get(path).text


def test_after_the_draw_nothing_is_reviewed_or_withdrawn(
    client: FlaskClient, build: Builder, employer: int
) -> None:
    event = build.event(state=EventState.DRAWN)
    entry = build.entry(event, EntryState.ACCEPTED, employer_id=employer)
    client.post(f"/entries/{entry.id}/withdraw")
    client.post("/sign-out")
    sign_in(client, build.account("organizer"))
    data = {"version": "1", "decision": "rejected", "reason": "x"}
    assert client.post(f"/entries/{entry.id}/review", data=data).status_code == 422
    assert entered()[0].state is EntryState.ACCEPTED


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=zhangw", {"张伟"}),
        ("q=zhang w", {"张伟"}),
        ("q=zw", {"张伟"}),
        ("q=张", {"张伟"}),
        ("q=单", {"单小"}),
        ("q=shan", {"单小"}),
        ("q=方太", {"单小"}),
        ("q=%25", set()),
        ("q=_", set()),
        ("state=accepted", {"张伟"}),
        ("state=nonsense", {"张伟", "单小"}),
        ("division=学生组", {"单小"}),
        ("sort=name&dir=desc", {"张伟", "单小"}),
        ("sort=password&page=99999999999", {"张伟", "单小"}),
    ],
)
def test_the_list_is_filtered_searched_and_sorted(
    client: FlaskClient, build: Builder, event: Event, query: str, found: set[str]
) -> None:
    from services.people_names import name_key

    one = build.person(name="张伟", name_key=name_key("张伟"))
    two = build.person(name="单小", name_key=name_key("单小"))
    build.entry(event, EntryState.ACCEPTED, one)
    fangtai = build.employer(title="宁波方太厨具有限公司")
    build.entry(event, EntryState.SUBMITTED, two, division=1, employer_id=fangtai.id)
    sign_in(client, build.account("bureau_staff"))
    page = client.get(f"/contests/{event.contest_id}/entries?{query}").text
    table = page.partition("<tbody>")[2]
    assert {name for name in ("张伟", "单小") if name in table} == found


Collect = Callable[[], AbstractContextManager[list[str]]]


def test_a_longer_list_needs_no_more_statements(
    client: FlaskClient, build: Builder, event: Event, employer: int, statements: Collect
) -> None:
    counts: list[Any] = []
    paths = ("/entries", "/entries/open", f"/contests/{event.contest_id}/entries")
    build.entry(event, EntryState.RETURNED, employer_id=employer)
    client.get("/entries")
    for _ in range(2):
        for path in paths:
            with statements() as seen:
                assert client.get(path).status_code == 200
            counts.append(len(seen))
        for _ in range(2):
            other = build.event(event.contest, state=EventState.REGISTERING)
            build.entry(other, EntryState.RETURNED, employer_id=employer)
    assert counts[:3] == counts[3:]
    assert max(counts) <= 20


def test_the_history_tells_who_did_what(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    path = client.post(f"/events/{event.id}/enter", data=typed(event, build)).headers["Location"]
    client.post(f"{path}/withdraw")
    client.post(f"{path}/enter-again")
    page = client.get(path).text
    assert page.count('class="timeline-text"') == 3


def test_an_employer_account_without_an_employer_can_enter_nobody(
    client: FlaskClient, build: Builder, event: Event
) -> None:
    sign_in(client, build.account("employer"))
    assert client.get(f"/events/{event.id}/enter").status_code == 403
    assert client.get("/entries").status_code == 200
    assert not list(db.session.scalars(select(Person)))


def test_closed_entries_offer_no_way_in(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("organizer"))
    draft, over, running = (
        build.contest(),
        build.event(state=EventState.REVIEW),
        build.event(state=EventState.REGISTERING),
    )
    build.event(draft)
    for contest_id, text in (
        (draft.id, "竞赛发布后开始报名"),
        (over.contest_id, "该赛项目前不接受报名"),
    ):
        page = client.get(f"/contests/{contest_id}/entries").text
        assert f"/contests/{contest_id}/entries/import" not in page
        assert "/entries/open" not in page.split("<main")[1]
        assert text in page
    page = client.get(f"/contests/{running.contest_id}/entries").text
    assert f"/contests/{running.contest_id}/entries/import" in page


def test_coaches_are_named_changed_and_taken_away(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    first, second = build.id_number(), build.id_number()
    coaches = {
        "coaches-0-name": "张教练",
        "coaches-0-id_number": first,
        "coaches-1-name": "李教练",
        "coaches-1-id_number": second,
    }
    data = typed(event, build, **coaches)
    assert client.post(f"/events/{event.id}/enter", data=data).status_code == 303
    (entry,) = entered()
    assert [coach.person.name for coach in entry.coaches] == ["张教练", "李教练"]
    assert "张教练、李教练" in client.get(f"/entries/{entry.id}").text
    page = client.get(f"/entries/{entry.id}/edit").text
    assert first not in page and "张教练" in page
    change = typed(event, build, version="1", **{"coaches-0-name": "", "coaches-1-name": "李教练"})
    change["members-0-id_number"] = ""
    reply = client.post(f"/entries/{entry.id}/edit", data=change)
    assert reply.status_code == 303
    (entry,) = entered()
    assert [coach.person.id_number for coach in entry.coaches] == [second]


@pytest.mark.parametrize(
    ("name", "number", "field"),
    [
        ("张教练", "", "id_number"),
        ("", "330282199005170005", "name"),
        ("张教练", "330282199005170006", "id_number"),
    ],
)
def test_a_coach_needs_a_name_and_a_right_number(
    client: FlaskClient,
    build: Builder,
    event: Event,
    employer: int,
    name: str,
    number: str,
    field: str,
) -> None:
    coach = {"coaches-0-name": name, "coaches-0-id_number": number}
    reply = client.post(f"/events/{event.id}/enter", data=typed(event, build, **coach))
    assert reply.status_code == 422
    assert f'id="coaches-0-{field}-error"' in reply.text
    assert entered() == []


def test_nobody_coaches_himself(
    client: FlaskClient, build: Builder, event: Event, employer: int
) -> None:
    data = typed(event, build)
    data |= {"coaches-0-name": "王小明", "coaches-0-id_number": data["members-0-id_number"]}
    reply = client.post(f"/events/{event.id}/enter", data=data)
    assert reply.status_code == 422 and 'id="coaches-0-name-error"' in reply.text
