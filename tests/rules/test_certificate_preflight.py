"""What keeps certificates from being issued is found by name, all of it at once."""

from typing import Any

from rules.certificate_preflight import Draft, obstacles, obstacles_by_draft
from rules.refusals import Refused


def _draft(person_id: int = 1, *problems: Refused, **facts: Any) -> Draft:
    usual = {"name": "王一", "edition": "竞赛", "event": "电工", "division": "职工组"}
    return Draft(person_id, usual | {"award": "一等奖"} | facts, problems)


def test_what_is_well_is_not_named() -> None:
    assert list(obstacles([])) == []
    # Two people of one name, and one person in two events or with two awards, are no doubles.
    drafts = [_draft(1), _draft(2), _draft(1, event="焊工"), _draft(1, award="特别奖")]
    assert list(obstacles(drafts)) == []


def test_every_problem_is_named_with_its_person() -> None:
    lacking, long = Refused("No font has %(characters)s.", characters="𱍐"), Refused("Too long.")
    found = list(obstacles([_draft(1, lacking, long), _draft(2, name="王二"), _draft(3, long)]))
    assert [str(one) for one in found] == [
        "王一, 电工: No font has 𱍐.",
        "王一, 电工: Too long.",
        "王一, 电工: Too long.",
    ]


def test_the_same_paper_for_one_person_is_named_at_every_one_but_the_first() -> None:
    found = list(obstacles_by_draft([_draft(1), _draft(1), _draft(2), _draft(1)]))
    assert [position for position, _ in found] == [1, 3]
    assert {(one.params["name"], one.params["number"]) for _, one in found} == {("王一", 3)}
