"""What an edition decides about the day itself: codes, paper, sign-off, spot checks, appeals."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from rules.data import RuleData, later

MOST_LAYERS = 3
AppealKind = Literal["equipment", "staff", "procedure", "marks"]
SignoffStep = Literal["group", "clerk", "supervisor"]


class DayRules(RuleData):
    """The contest day of an edition; every number is a setting, for hardly one is national.

    `code_layers` tables hide who stands behind a code (R2.06); 0 means one open draw. With `escrow`
    a second keyholder can open each of them. Who comes `late_minutes` after the call has forfeited
    (R2.05). `running_total` shows judges their own sum. `double_keying` has paper sheets keyed by
    two clerks (R2.24). `signoff` names the steps between a judge's signature and the result besides
    the chief judge (R2.23); `check_top_percent` of the places and `check_random_percent` of the
    rest are checked again, and more than `check_error_percent` of errors means all (R2.25). The
    risk of a wrong order at the award lines goes down to `check_risk_percent`; an unseen error is
    taken to be no greater than `check_largest_percent` of what a sheet can give.
    Confirmed marks are opened again by `reopening_people` people. Appeals run from
    `appeal_clock_start` (R2.35) and are answered within `appeal_answer_minutes` (R2.33). A `board`
    shows places before they are official, and stands still for the last `board_freeze_minutes`.
    Contestants come `arrival_minutes` before the start (R2.01); stations are drawn among those of
    `draw_among` (R2.02), employers not side by side with `spread_employers`, and the screen of the
    hall names people as `screen_names` says.
    `conflicts` says whether a judge with own people in an event is kept from all of it, or whether
    only his marks on their works are left out (R1.12, R1.13).
    Appeals may be of `appeal_kinds`, those of
    `appeal_leader_kinds` come from the team leader only (R2.32); `appeal_votes` members decide, in
    `appeal_stages` of which the second is asked for within `appeal_second_minutes` (R2.33). With
    `own_chain` contestants see how their own result came about; `board_names` names people on the
    board once results are signed, and it is drawn anew at most every `board_seconds`.
    """

    code_layers: int = Field(default=0, ge=0, le=MOST_LAYERS)
    escrow: bool = True
    late_minutes: int = Field(default=15, ge=0, le=240)
    running_total: bool = True
    double_keying: bool = False
    signoff: tuple[SignoffStep, ...] = ()
    check_top_percent: Decimal = Field(default=Decimal(30), ge=0, le=100)
    check_random_percent: Decimal = Field(default=Decimal(15), ge=0, le=100)
    check_error_percent: Decimal = Field(default=Decimal(5), ge=0, le=100)
    check_risk_percent: Decimal = later(Decimal(5), gt=0, le=100)
    check_largest_percent: Decimal = later(Decimal(10), gt=0, le=100)
    reopening_people: Literal[1, 2] = 1
    appeal_clock_start: Literal["event_end", "results"] = "event_end"
    appeal_answer_minutes: int = Field(default=120, ge=0)
    board: Literal["none", "live"] = "none"
    board_freeze_minutes: int = Field(default=0, ge=0, le=1440)
    arrival_minutes: int = later(30, ge=0, le=240)
    draw_among: Literal["accepted", "checked_in"] = later("accepted")
    spread_employers: bool = later(True)
    screen_names: Literal["full", "masked", "none"] = later("masked")
    conflicts: Literal["entry", "event"] = later("entry")
    appeal_kinds: tuple[AppealKind, ...] = later(("equipment", "staff", "procedure", "marks"))
    appeal_leader_kinds: tuple[AppealKind, ...] = later(("marks",))
    appeal_votes: int = later(1, ge=1, le=9)
    appeal_stages: Literal[1, 2] = later(1)
    appeal_second_minutes: int = later(120, ge=1, le=10080)
    own_chain: bool = later(False)
    board_names: bool = later(False)
    board_seconds: int = later(15, ge=2, le=600)
