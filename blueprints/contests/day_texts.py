"""The words for what the rules of the contest day choose between, and those rules in short."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext

from rules.data import plain
from rules.days import DayRules
from rules.texts import N_

LAYERS = {
    0: N_("one open draw of work codes"),
    1: N_("one sealed layer"),
    2: N_("two sealed layers"),
    3: N_("three sealed layers: draw number, station, work code"),
}
SIGNOFF = {
    "group": N_("the group of judges"),
    "clerk": N_("the entry clerk"),
    "supervisor": N_("the supervisor"),
}
REOPENING = {1: N_("the chief judge alone"), 2: N_("two people")}
STAGES = {
    1: N_("one: the ruling of the group is final"),
    2: N_("two: the committee of the contest answers once more"),
}
CONFLICTS = {
    "entry": N_("marks others; the marks on these works are left out"),
    "event": N_("does not judge in this event at all"),
}
APPEAL_KINDS = {
    "equipment": N_("Equipment, tools or material"),
    "staff": N_("Conduct of judges or staff"),
    "procedure": N_("Procedure of the event"),
    "marks": N_("Check of the marks"),
}
CLOCK_START = {
    "event_end": N_("the end of the event"),
    "results": N_("the announcement of the results"),
}
BOARD = {
    "none": N_("none: places are shown once they are official"),
    "live": N_("live, while marks come in"),
}
DRAW_AMONG = {
    "accepted": N_("all accepted entries"),
    "checked_in": N_("only those who have checked in"),
}
SCREEN_NAMES = {
    "full": N_("full names"),
    "masked": N_("names with a part hidden"),
    "none": N_("no names, entry numbers only"),
}
CHOICES: dict[str, Mapping[str, str]] = {
    "signoff": SIGNOFF,
    "appeal_clock_start": CLOCK_START,
    "board": BOARD,
    "draw_among": DRAW_AMONG,
    "screen_names": SCREEN_NAMES,
    "conflicts": CONFLICTS,
    "appeal_kinds": APPEAL_KINDS,
    "appeal_leader_kinds": APPEAL_KINDS,
}


def day_facts(day: DayRules) -> list[tuple[str, str]]:
    """Say the rules of the day in a few lines, for the page of the edition."""
    return [
        (gettext("Work codes"), _codes(day)),
        (gettext("Draw and check-in"), _hall(day)),
        (gettext("Sign-off"), " → ".join(sign_steps(day))),
        (gettext("Spot checks"), _checks(day)),
        (gettext("Appeals run from"), _appeals(day)),
        (gettext("Live board"), _board(day)),
    ]


def _together(texts: Sequence[str]) -> str:
    return " · ".join(text for text in texts if text)


def _codes(day: DayRules) -> str:
    sealed = day.code_layers and day.escrow
    escrow = gettext("a second keyholder can open each layer") if sealed else ""
    return _together((gettext(LAYERS[day.code_layers]), escrow))


def _hall(day: DayRules) -> str:
    late = gettext("late after %(minutes)s minutes", minutes=day.late_minutes)
    return _together((gettext(DRAW_AMONG[day.draw_among]), late))


def sign_steps(day: DayRules) -> list[str]:
    """Name who signs one after another; the judge begins, the chief judge is always there."""
    before = [gettext(SIGNOFF[one]) for one in day.signoff if one != "supervisor"]
    after = [gettext(SIGNOFF[one]) for one in day.signoff if one == "supervisor"]
    return [gettext("the judge"), *before, gettext("the chief judge"), *after]


def _checks(day: DayRules) -> str:
    return str(
        gettext(
            "top %(top)s percent, %(rest)s percent of the rest",
            top=plain(day.check_top_percent),
            rest=plain(day.check_random_percent),
        )
    )


def _appeals(day: DayRules) -> str:
    start = gettext(CLOCK_START[day.appeal_clock_start])
    answer = gettext("answered within %(minutes)s minutes", minutes=day.appeal_answer_minutes)
    return _together((start, answer))


def _board(day: DayRules) -> str:
    frozen = day.board == "live" and day.board_freeze_minutes
    still = gettext("stands still for the last %(minutes)s minutes", minutes=frozen)
    return _together((gettext(BOARD[day.board]), still if frozen else ""))
