"""The text of a receipt."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from rules.receipts import content_of, differences, digest_of, marks_in, tidy_code

AT = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)


def _content(**changes: object) -> str:
    facts: dict[str, object] = {
        "work": "K07",
        "scheme": "ab" * 32,
        "seat": "work/1",
        "version": 4,
        "signed_at": AT,
        "marks": {"A1": Decimal("45.50"), "A2": Decimal(1)},
    }
    return content_of(**(facts | changes))  # type: ignore[arg-type]


def test_equal_sheets_give_equal_texts() -> None:
    same = _content(
        marks={"A2": Decimal("1.0"), "A1": Decimal("45.5")},
        signed_at=AT.astimezone(timezone(timedelta(hours=8))),
    )
    assert same == _content()
    assert digest_of(same) == hashlib.sha256(same.encode()).hexdigest()


def test_every_fact_changes_the_digest() -> None:
    changes: list[dict[str, object]] = [
        {"work": "K08"},
        {"scheme": "cd" * 32},
        {"seat": "work/2"},
        {"version": 5},
        {"signed_at": AT + timedelta(seconds=1)},
        {"marks": {"A1": Decimal("45.5"), "A2": Decimal(0)}},
    ]
    digests = {digest_of(_content(**one)) for one in changes} | {digest_of(_content())}
    assert len(digests) == len(changes) + 1


def test_marks_are_read_again_and_compared() -> None:
    then = marks_in(_content())
    assert then == {"A1": Decimal("45.5"), "A2": Decimal(1)}
    now = {"A1": Decimal(46), "A3": Decimal(2)}
    assert differences(then, now) == [
        ("A1", Decimal("45.5"), Decimal(46)),
        ("A2", Decimal(1), None),
        ("A3", None, Decimal(2)),
    ]
    assert differences(then, dict(then)) == []


def test_a_code_is_read_as_people_type_it() -> None:
    assert tidy_code(" k7q2-m9xt ab") == "K7Q2M9XTAB"
