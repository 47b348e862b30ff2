"""Who moved between two revisions."""

from decimal import Decimal

from rules.movements import Finish, movements
from rules.ranking import EntryStatus


def finish(rank: int | None, total: str = "90", award: str | None = None, **more: object) -> Finish:
    status = EntryStatus.COMPETED if rank else EntryStatus.ABSENT
    return Finish(status, rank, Decimal(total), award, **more)  # type: ignore[arg-type]


def test_only_those_who_differ_are_listed_by_their_new_rank() -> None:
    old = {1: finish(1), 2: finish(2, "80"), 3: finish(3, "70"), 4: finish(4, "60")}
    new = {1: finish(2), 2: finish(1, "95"), 3: finish(3, "70"), 4: finish(None)}
    found = movements(old, new)
    assert [(one.entry_id, one.up) for one in found] == [(2, 1), (1, -1), (4, 0)]


def test_an_award_or_a_level_alone_is_a_movement() -> None:
    old = {1: finish(1, award="First prize"), 2: finish(2)}
    new = {1: finish(1), 2: finish(2, levels=((7, 3),))}
    found = movements(old, new)
    assert [one.entry_id for one in found] == [1, 2]
    assert all(one.is_award for one in found)


def test_who_is_in_one_revision_only_is_listed() -> None:
    found = movements({1: finish(1)}, {2: finish(1)})
    assert {(one.entry_id, one.old is None, one.new is None) for one in found} == {
        (1, False, True),
        (2, True, False),
    }
    assert [one.up for one in found] == [0, 0]
    assert not movements({}, {})
