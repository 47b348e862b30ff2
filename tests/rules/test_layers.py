"""Layers as pure rules: labels, the one form of a table, and what fits together."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.layers import (
    BLOCK,
    BrokenLayers,
    LayerKind,
    LayerTable,
    SealedGroup,
    chain,
    commitment,
    compose,
    groups_of,
    kinds,
    labels,
    normal_passphrase,
    read,
    sources,
    written,
)

A = SealedGroup(7, "A", ("01-001", "01-003"))
B = SealedGroup(9, "B", ("01-002",))
FIRST = LayerTable(1, 1, "n1", (("01-001", "A-02"), ("01-002", "B-01"), ("01-003", "A-01")))
LAST = LayerTable(1, 2, "n2", (("A-01", "X3QC"), ("A-02", "FHM3"), ("B-01", "JXJ6")))
CODES = {"X3QC": 7, "FHM3": 7, "JXJ6": 9}


def test_the_last_layer_always_gives_the_code() -> None:
    assert [kinds(count)[-1] for count in (1, 2, 3)] == [LayerKind.WORK_CODE] * 3
    assert kinds(3)[:2] == (LayerKind.DRAW_NUMBER, LayerKind.SEAT)
    for count in (0, 4):
        with pytest.raises(ValueError, match="number of layers"):
            kinds(count)


def test_labels_name_the_division_and_their_kind() -> None:
    assert labels(LayerKind.DRAW_NUMBER, "B", 2) == ("B-01", "B-02")
    assert labels(LayerKind.SEAT, "A", 1) == ("A-S01",)
    assert labels(LayerKind.DRAW_NUMBER, "A", 100)[-1] == "A-100"
    assert len(set(map(len, labels(LayerKind.SEAT, "A", 120)))) == 1
    with pytest.raises(ValueError, match="drawn"):
        labels(LayerKind.WORK_CODE, "A", 1)


def test_divisions_get_letters_in_order_and_empty_ones_none() -> None:
    groups = groups_of({3: ["b", "a"], 4: [], 5: ["c"]})
    assert groups == (SealedGroup(3, "A", ("a", "b")), SealedGroup(5, "B", ("c",)))
    many = groups_of({number: ["x"] for number in range(28)})
    assert [group.letter for group in many[25:]] == ["Z", "AA", "AB"]


def test_a_layer_takes_what_the_one_before_gave() -> None:
    assert sources(3, 1, A) == A.entries
    assert sources(3, 2, A) == ("A-01", "A-02")
    assert sources(3, 3, A) == ("A-S01", "A-S02")
    assert sources(2, 2, B) == ("B-01",)


LABEL = st.text(string.ascii_uppercase + string.digits + "-，号", min_size=1, max_size=12)


@given(st.dictionaries(LABEL, LABEL, max_size=40), st.integers(1, 3))
def test_what_is_written_is_read_back_and_fills_whole_blocks(
    rows: dict[str, str], number: int
) -> None:
    table = LayerTable(5, number, "0f" * 32, tuple(sorted(rows.items())))
    data = written(table)
    assert read(data) == table and len(data) % BLOCK == 0


def test_the_order_of_the_rows_is_not_written() -> None:
    turned = FIRST._replace(rows=FIRST.rows[::-1])
    assert written(turned) == written(FIRST)


def test_the_digest_depends_on_the_nonce() -> None:
    assert commitment(written(FIRST)) != commitment(written(FIRST._replace(nonce="n2")))
    assert len(commitment(written(FIRST))) == 64


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b'{"event_id": 1, "number": 1, "nonce": "n", "rows": [["a"]]}',
        b'{"event_id": null, "number": 1, "nonce": "n", "rows": []}',
        written(FIRST)[:-1],
        written(FIRST) + b" ",
        written(FIRST).replace(b'"format":1', b'"format":2'),
        json.dumps(json.loads(written(FIRST)), indent=1).encode(),
    ],
)
def test_anything_else_is_not_read(data: bytes) -> None:
    with pytest.raises(BrokenLayers):
        read(data)


def test_each_entry_is_followed_to_its_code() -> None:
    found = compose([FIRST, LAST], (A, B), CODES)
    assert found == {"01-001": "FHM3", "01-002": "JXJ6", "01-003": "X3QC"}
    assert list(chain([FIRST, LAST], "01-001")) == ["A-02", "FHM3"]


@pytest.mark.parametrize(
    ("tables", "codes", "why"),
    [
        ([LAST, FIRST], CODES, "in place of"),
        ([FIRST._replace(rows=FIRST.rows[:2]), LAST], CODES, "labels that were sealed"),
        ([FIRST, LAST._replace(rows=(*LAST.rows, LAST.rows[0]))], CODES, "labels that were sealed"),
        (
            [FIRST, LAST._replace(rows=(("A-01", "X"), ("A-02", "X"), ("B-01", "JXJ6")))],
            CODES,
            "a label twice",
        ),
        ([FIRST, LAST], CODES | {"MORE": 7}, "not those of the works"),
        ([FIRST, LAST], {"X3QC": 7, "FHM3": 9, "JXJ6": 7}, "another division"),
    ],
)
def test_tables_that_do_not_fit_are_refused(
    tables: list[LayerTable], codes: dict[str, int], why: str
) -> None:
    with pytest.raises(BrokenLayers, match=why):
        compose(tables, (A, B), codes)


def test_width_variants_are_one_passphrase() -> None:
    assert normal_passphrase("ＡＢ　cafe\u0301") == "AB café"
