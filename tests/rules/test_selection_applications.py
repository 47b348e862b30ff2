"""Until when an application is submitted, and the line that always says what is next."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules.selection_applications import (
    EDITABLE,
    WITHDRAWABLE,
    Outcome,
    Progress,
    Waiting,
    Window,
    next_step,
)
from rules.selections import APPLICATION_MOVES, ApplicationState, Body, RoundState

CLOSES = datetime(2026, 9, 30, 9, tzinfo=UTC)
OPEN = Window(
    ApplicationState.DRAFT,
    RoundState.OPEN,
    datetime(2026, 9, 1, tzinfo=UTC),
    CLOSES,
    grace_minutes=10,
)
DAY = date(2026, 9, 20)
NOW = datetime(2026, 9, 20, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return CLOSES + timedelta(minutes=count)


@pytest.mark.parametrize(
    ("begun", "now", "free"),
    [
        (None, 0, True),
        (None, 0.1, False),
        (-5, 0.1, True),  # the button was pressed before the end
        (-5, 10, True),
        (-5, 10.1, False),
        (0, 10, True),
        (0.1, 5, False),  # after the end nobody begins
    ],
)
def test_who_began_before_the_end_has_some_minutes_more(
    begun: float | None, now: float, free: bool
) -> None:
    window = replace(OPEN, begun_at=None if begun is None else minutes(begun))
    assert (window.problem(minutes(now), CLOSES.date()) is None) is free


def test_nobody_submits_before_the_opening_or_twice_or_in_a_closed_round() -> None:
    assert OPEN.problem(OPEN.opens_at - timedelta(minutes=1), DAY)
    assert replace(OPEN, round_state=RoundState.REVIEW).problem(NOW, DAY)
    assert "already" in str(replace(OPEN, state=ApplicationState.CHECKING).problem(NOW, DAY))


def test_a_returned_one_is_completed_until_its_own_day_also_after_the_end() -> None:
    back = replace(OPEN, state=ApplicationState.RETURNED, complete_until=date(2026, 10, 9))
    after = CLOSES + timedelta(days=5)
    assert back.problem(after, date(2026, 10, 9)) is None
    assert replace(back, round_state=RoundState.REVIEW).problem(after, date(2026, 10, 9)) is None
    assert "2026-10-09" in str(back.problem(after, date(2026, 10, 10)))
    assert replace(back, round_state=RoundState.PROPOSED).problem(after, date(2026, 10, 9))


@pytest.mark.parametrize("state", list(ApplicationState))
@pytest.mark.parametrize("round_state", list(RoundState))
def test_there_is_a_next_step_in_every_state(
    state: ApplicationState, round_state: RoundState
) -> None:
    for now in (NOW, minutes(5), CLOSES + timedelta(days=99)):
        for more in (Progress(OPEN), Progress(OPEN, double=True, reason="缺材料")):
            window = replace(OPEN, state=state, round_state=round_state)
            step = next_step(replace(more, window=window), now, now.date())
            assert str(step.words)
            assert not step.own_turn or state in EDITABLE


def said(progress: Progress, now: datetime = NOW) -> tuple[str, object]:
    step = next_step(progress, now, now.date())
    return str(step.words), step.until


def having(state: ApplicationState, round_state: RoundState = RoundState.OPEN) -> Progress:
    return Progress(replace(OPEN, state=state, round_state=round_state))


def test_a_draft_is_told_its_deadline_and_after_it_the_truth() -> None:
    draft = having(ApplicationState.DRAFT)
    assert said(draft) == ("Complete it and submit it.", CLOSES)
    assert "was not submitted" in said(draft, minutes(1))[0]
    begun = replace(draft, window=replace(draft.window, begun_at=minutes(-1)))
    text, until = said(begun, minutes(1))
    assert (text[:17], until) == ("Submit it at once", minutes(10))


def test_a_checked_one_is_told_who_has_it_and_until_when() -> None:
    waiting = Waiting("区县审核", Body.DISTRICT, date(2026, 9, 22))
    checked = replace(having(ApplicationState.CHECKING), waiting=waiting)
    assert said(checked) == ("“区县审核” is being checked (district).", date(2026, 9, 22))
    assert "overdue" in said(checked, NOW + timedelta(days=3))[0]
    assert "two applications" in said(replace(checked, double=True))[0]


def test_a_returned_one_is_told_what_is_missing() -> None:
    back = replace(having(ApplicationState.RETURNED), reason="缺社保证明。")
    back = replace(back, window=replace(back.window, complete_until=date(2026, 10, 9)))
    step = next_step(back, NOW, DAY)
    assert (str(step.words), step.own_turn, step.until) == (
        "Complete it and submit it again: 缺社保证明。",
        True,
        date(2026, 10, 9),
    )


def test_nobody_learns_the_outcome_before_the_notice() -> None:
    for state in (ApplicationState.CHOSEN, ApplicationState.NOT_CHOSEN):
        before = having(state, RoundState.PROPOSED)
        assert said(before)[0] == "The review is done. A public notice shows the proposed list."
    noticed = Outcome("上林金匠", notice_ends_on=date(2026, 9, 22))
    chosen = replace(having(ApplicationState.CHOSEN, RoundState.PROPOSED), outcome=noticed)
    text, until = said(chosen)
    assert ("notice runs" in text, until) == (True, date(2026, 9, 22))
    assert "has ended" in said(chosen, NOW + timedelta(days=9))[0]
    other = replace(having(ApplicationState.NOT_CHOSEN, RoundState.PROPOSED), outcome=noticed)
    assert said(other)[0].startswith("Not on the proposed list.")


def test_the_outcome_is_told_with_its_paper_its_term_and_what_is_forgotten() -> None:
    given = Outcome("上林金匠", None, date(2026, 12, 1), "慈人社发〔2026〕9号")
    chosen = replace(having(ApplicationState.CHOSEN, RoundState.DECIDED), outcome=given)
    assert said(chosen)[0] == "“上林金匠” was conferred on 2026-12-01 (慈人社发〔2026〕9号)."
    term = replace(chosen, outcome=replace(given, term_ends_on=date(2029, 11, 30)))
    assert said(term)[1] == date(2029, 11, 30)
    assert "each year" in said(term)[0]
    other = replace(
        having(ApplicationState.NOT_CHOSEN, RoundState.DECIDED),
        outcome=Outcome(kept_until=date(2027, 12, 1)),
    )
    assert said(other) == (
        "Not chosen this time. What was written and the files are kept, then forgotten.",
        date(2027, 12, 1),
    )


def test_what_a_writer_may_withdraw_the_table_of_moves_allows() -> None:
    for state in WITHDRAWABLE:
        assert ApplicationState.WITHDRAWN in APPLICATION_MOVES[state]
    assert said(replace(having(ApplicationState.MERGED), merged_into=12))[0].startswith(
        "It goes on in application no. 12"
    )
