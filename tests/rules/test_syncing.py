"""Marks that come late, twice or in the wrong order."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.syncing import Known, LastSent, Outcome, decide

FIVE, SIX = Decimal(5), Decimal(6)
STORED = Known(FIVE, 3)


@pytest.mark.parametrize(
    ("value", "base", "sequence", "stored", "last", "outcome"),
    [
        (FIVE, 0, 1, Known(), None, Outcome.SAVED),
        (SIX, 3, 1, STORED, None, Outcome.SAVED),
        (FIVE, 0, 1, STORED, None, Outcome.SAME),
        (SIX, 2, 1, STORED, None, Outcome.CONFLICT),
        # its own write, whose answer never came
        (SIX, 0, 2, STORED, LastSent(1, 3), Outcome.SAVED),
        # somebody else wrote after it
        (SIX, 0, 2, Known(FIVE, 4), LastSent(1, 3), Outcome.CONFLICT),
        # it was overtaken by its own later entry
        (SIX, 3, 1, STORED, LastSent(2, 3), Outcome.PASSED),
        (SIX, 3, 2, STORED, LastSent(2, 3), Outcome.PASSED),
        # taken away
        (None, 3, 1, STORED, None, Outcome.SAVED),
        (None, 0, 1, Known(), None, Outcome.SAME),
    ],
)
def test_what_becomes_of_a_mark(
    value: Decimal | None,
    base: int,
    sequence: int,
    stored: Known,
    last: LastSent | None,
    outcome: Outcome,
) -> None:
    assert decide(value, base, sequence, stored, last) is outcome


@settings(deadline=None)
@given(st.data())
def test_whatever_arrives_the_last_entry_of_the_device_wins(data: st.DataObject) -> None:
    """Any order, repetition and loss of answers: what is typed last is stored, each once."""
    values = data.draw(st.lists(st.sampled_from([None, FIVE, SIX, Decimal(7)]), min_size=1))
    entries = [(number, value) for number, value in enumerate(values, start=1)]
    order = data.draw(st.lists(st.sampled_from(entries)))
    arrivals = [*data.draw(st.permutations([*entries, *order])), entries[-1], entries[-1]]
    stored, last, written, version = Known(), None, [], 0
    for sequence, value in arrivals:
        outcome = decide(value, 0, sequence, stored, last)
        assert outcome is not Outcome.CONFLICT
        if outcome is Outcome.SAVED:
            version += 1
            written.append(sequence)
            stored = Known(value, version if value is not None else 0)
        if outcome is not Outcome.PASSED:
            last = LastSent(sequence, stored.version)
    assert stored.value == values[-1]
    assert written == sorted(set(written))
