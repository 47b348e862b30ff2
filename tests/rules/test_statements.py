"""The statement in the QR code: small, whole, and cut only where it says so."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.statements import (
    MOST_BYTES,
    SIGNATURE,
    NoStatement,
    Statement,
    fitted,
    read,
    signable,
    statement_of,
    written,
)
from tests.certificate_people import FACTS, FULL_FACTS, NAMES

_MARK = b"\xa5" * SIGNATURE


def _said(**more: Any) -> Statement:
    return statement_of(FACTS | more, "ab" * 32, "01020304", (1, 131_071))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_read_again(name: str) -> None:
    said = _said(name=name)
    assert read(written(signable(said), _MARK)) == (said, signable(said), _MARK)


def test_every_field_changes_the_signed_bytes() -> None:
    said = _said()
    others: dict[str, Any] = {
        "key": "ffffffff",
        "issued_on": said.issued_on.replace(year=2027),
        "status_list": 2,
        "status_index": 5,
        "digest": "cd" * 16,
        "shortened": True,
    }
    for field in fields(Statement):
        changed = replace(said, **{field.name: others.get(field.name, "别的")})
        assert signable(changed) != signable(said), field.name
        assert read(written(signable(changed), _MARK))[0] == changed


def test_usual_and_very_long_facts_fit_whole() -> None:
    for facts in (FACTS, FULL_FACTS | {"name": NAMES[6]}):
        said = statement_of(facts, "ab" * 32, "01020304", (65_535, 131_071))
        assert fitted(said) == said and len(signable(said)) + SIGNATURE <= 310


def test_facts_that_are_too_long_are_cut_and_say_so() -> None:
    rare = "".join(chr(0x4E00 + n * n * 31 % 20_000) for n in range(130))  # nothing repeats
    said = _said(edition=rare[:60], event=rare[60:100], honours=[rare[100:]], name=NAMES[6])
    cut = fitted(said)
    assert cut.shortened and len(signable(cut)) + SIGNATURE <= MOST_BYTES
    assert (cut.number, cut.name, cut.award) == (said.number, said.name, said.award)
    for field in ("edition", "event", "honours", "issuers", "division"):
        whole, kept = getattr(said, field), getattr(cut, field)
        assert kept == whole or (kept.endswith("…") and whole.startswith(kept[:-1])), field
    assert fitted(cut) == cut
    assert read(written(signable(cut), _MARK))[0] == cut


def test_a_name_is_never_cut() -> None:
    said = _said(name="".join(chr(0x20000 + n * 7) for n in range(120)), division="学生组" * 9)
    cut = fitted(said)
    assert cut.name == said.name and len(signable(cut)) > MOST_BYTES - SIGNATURE


@given(st.text(max_size=60), st.text(max_size=90), st.lists(st.text(max_size=20), max_size=5))
def test_any_texts_are_read_again(name: str, edition: str, honours: list[str]) -> None:
    said = fitted(_said(name=_plain(name), edition=_plain(edition), honours=_all(honours)))
    assert read(written(signable(said), _MARK))[0] == said


def _plain(text: str) -> str:
    return text.encode("utf-16-be", "ignore").decode("utf-16-be")


def _all(texts: list[str]) -> list[str]:
    return [_plain(text) for text in texts]


@given(st.text(alphabet="0123456789", max_size=900))
def test_other_digits_are_no_statement(digits: str) -> None:
    with pytest.raises(NoStatement):
        read(digits)


@pytest.mark.parametrize("text", ["", "12", "abc", "１２３", "9" * 5000, "-5", "1" * 422])
def test_other_texts_are_no_statement(text: str) -> None:
    with pytest.raises(NoStatement):
        read(text)


def test_a_statement_that_is_cut_off_or_goes_on_is_none() -> None:
    data = signable(_said())
    for broken in (data[:-1], data[:40], data + b"\0", b"\2" + data[1:]):
        with pytest.raises(NoStatement):
            read(written(broken, _MARK))
