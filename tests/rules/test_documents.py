"""Documents as data: fields, samples, dates, and the words by which templates name facts."""

from datetime import date

import pytest

from rules.documents import (
    CLOSINGS,
    FIELDS,
    OPENINGS,
    TITLES,
    DocumentKind,
    Field,
    days_text,
    in_words,
    sample,
    suggested,
)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 10, 15), date(2026, 10, 20), "2026年10月15日至20日"),
        (date(2026, 10, 31), date(2026, 11, 2), "2026年10月31日至11月2日"),
        (date(2026, 12, 30), date(2027, 1, 4), "2026年12月30日至2027年1月4日"),
        (date(2026, 10, 15), date(2026, 10, 15), "2026年10月15日"),
    ],
)
def test_a_span_of_days_says_once_what_its_ends_share(first: date, last: date, text: str) -> None:
    assert days_text(first, last) == text


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_no_word_or_key_stands_for_two_fields(kind: DocumentKind) -> None:
    def look(fields: tuple[Field, ...]) -> None:
        assert len({one.word for one in fields}) == len({one.key for one in fields}) == len(fields)
        for one in fields:
            look(one.rows)

    look(FIELDS[kind])


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_facts_reach_a_template_under_their_chinese_words(kind: DocumentKind) -> None:
    spoken = in_words(kind, sample(kind))
    assert spoken["标题"] == FIELDS[kind][0].sample
    assert set(spoken) == {one.word for one in FIELDS[kind]}
    lists = [one for one in FIELDS[kind] if one.rows]
    assert all(len(spoken[one.word]) == 2 for one in lists)


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_an_empty_sample_has_no_rows_and_no_text(kind: DocumentKind) -> None:
    assert not any(sample(kind, 0).values())


def test_suggestions_are_filled_in() -> None:
    for kind in DocumentKind:
        for texts in (TITLES, OPENINGS, CLOSINGS):
            text = suggested(texts, kind, "某竞赛", "2026年10月15日")
            assert "{" not in text
        assert "某竞赛" in suggested(TITLES, kind, "某竞赛", "")
