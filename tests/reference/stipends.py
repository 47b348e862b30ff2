"""What mentors have earned, worked out from a diary of raw events in whole fen.

Written from docs/stipends.md and not from rules/: it knows no items and no lines. It reads a diary,
keeps books as a clerk would, and returns what pair, payee and year come to by a day.
"""

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, ClassVar

Diary = list[dict[str, Any]]
Books = dict[tuple[int, str, int], int]


def _paying(scales: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
    found = None
    for scale in sorted(scales, key=lambda one: one["from"]):
        if scale["from"] <= day:
            found = scale
    if found is not None and found["to"] is not None and found["to"] < day:
        return None
    return found


def _fen(scale: dict[str, Any], yuan: Fraction) -> int:
    step = 1 if scale["rounding"] == "fen" else 100
    whole, rest = divmod(yuan * 100, step)
    if rest * 2 >= step and scale["rounding"] != "yuan_down":
        whole += 1
    return int(whole) * step


def _times(scale: dict[str, Any], day: date) -> Fraction:
    for factor, first, last in scale["factors"]:
        if first <= day <= last:
            return Fraction(factor)
    return Fraction(1)


class Pair:
    """One pair as the diary tells it."""

    def __init__(self, diary: Diary, opening: dict[str, Any], until: date) -> None:
        self.key = opening["pair"]
        self.opening = opening
        self.until = until
        self.months: set[date] = set()
        self.pauses: list[tuple[date, date]] = []
        self.reached: list[tuple[date, str, int | None]] = []
        self.kept: Fraction | None = None
        self.end: tuple[str, date, int | None] | None = None
        self._half: set[tuple[str, date]] = set()
        for one in diary:
            if one.get("pair") == self.key and one["what"] in self._READ:
                self._READ[one["what"]](self, one)

    def _mentor(self, one: dict[str, Any]) -> None:
        self._half.add(("mentor", one["month"]))
        if ("apprentice", one["month"]) in self._half:
            self.months.add(one["month"])

    def _apprentice(self, one: dict[str, Any]) -> None:
        self._half.add(("apprentice", one["month"]))
        if ("mentor", one["month"]) in self._half:
            self.months.add(one["month"])

    def _withdrawn(self, one: dict[str, Any]) -> None:
        self._half -= {("mentor", one["month"]), ("apprentice", one["month"])}
        self.months.discard(one["month"])

    def _pause(self, one: dict[str, Any]) -> None:
        self.pauses.append((one["from"], one["to"] or date.max))

    def _reached(self, one: dict[str, Any]) -> None:
        self.reached.append((one["day"], one["kind"], one["level"]))

    def _ended(self, one: dict[str, Any]) -> None:
        self.end = (one["how"], one["day"], one["level"])

    def _case(self, one: dict[str, Any]) -> None:
        self.kept = Fraction(one["kept"])

    _READ: ClassVar[dict[str, Callable[["Pair", dict[str, Any]], None]]] = {
        "mentor confirms": _mentor,
        "apprentice confirms": _apprentice,
        "withdrawn": _withdrawn,
        "pause": _pause,
        "reached": _reached,
        "ended": _ended,
        "case": _case,
    }

    @property
    def over(self) -> bool:
        return self.end is not None and self.end[1] <= self.until

    @property
    def how(self) -> str:
        return self.end[0] if self.end is not None and self.over else "running"

    def taught(self, month: date) -> bool:
        """Go through the days of a month: one of them must lie in the term and in no pause."""
        last = calendar.monthrange(month.year, month.month)[1]
        days = [month + timedelta(days=place) for place in range(last)]
        final = self.opening["ends"] if self.end is None else self.end[1]
        if not any(self.opening["starts"] <= day <= final for day in days):
            return False
        return all(any(not first <= day <= end for day in days) for first, end in self.pauses)


def _others(diary: Diary, apprentice: int) -> Diary:
    return [one for one in diary if one["what"] == "subsidy" and one["person"] == apprentice]


def _barred(scale: dict[str, Any], diary: Diary, pair: Pair, part: str, day: date) -> bool:
    rule = scale["exclusions"]
    if part not in rule["parts"]:
        return False
    others = _others(diary, pair.opening["apprentice"])
    before = [one for one in others if not one["day"] > day]
    if rule["trainings"]:
        count = len([one for one in before if one["day"].year == day.year])
        if not count < rule["trainings"]:
            return True
    level = pair.end[2] if pair.end else None
    if rule["same"] and level:
        for one in before:
            if one["occupation"] == pair.opening["occupation"] and one["level"] == level:
                return True
    last = min(pair.end[1] if pair.end else pair.opening["ends"], pair.until)
    return any(
        one["kind"] in rule["kinds"] and pair.opening["starts"] <= one["day"] <= last
        for one in others
    )


def _after_break(scale: dict[str, Any], pair: Pair, fen: int) -> int:
    if pair.how == "void":
        return 0
    if pair.how == "broken_off":
        if scale["break_off"] == "full":
            return 0
        if pair.kept is not None:
            return _fen(scale, Fraction(fen, 100) * pair.kept)
    return fen


def _counts(scale: dict[str, Any], pair: Pair, one: tuple[date, str, int | None]) -> bool:
    day, kind, level = one
    rule = scale["success"]
    if rule is None or kind not in rule["counts"] or day < pair.opening["starts"]:
        return False
    if kind == "level" and (level is None or level > rule["level"]):
        return False
    if pair.end and pair.end[0] in ("broken_off", "transferred") and day > pair.end[1]:
        return False
    if rule["years"]:
        signed = pair.opening["signed"]
        year, month, number = signed.year + rule["years"], signed.month, signed.day
        number = min(number, calendar.monthrange(year, month)[1])
        return bool(day <= date(year, month, number))
    return True


def _full_years(pair: Pair) -> int:
    """Count how often the day of the start comes round until the day after the term."""
    start, after, count = pair.opening["starts"], pair.opening["ends"] + timedelta(days=1), 0
    while True:
        year = start.year + count + 1
        if (year, start.month, start.day) > (after.year, after.month, after.day):
            return max(1, count)
        count += 1


def _voucher(pair: Pair, part: str, day: date, scale: Any, yuan: Fraction) -> dict[str, Any]:
    return {"pair": pair, "part": part, "day": day, "scale": scale, "yuan": yuan}


def _vouchers(scales: list[dict[str, Any]], pair: Pair) -> Iterator[dict[str, Any]]:
    for month in pair.months:
        scale = _paying(scales, month)
        if scale and scale["monthly"] and month <= pair.until and pair.taught(month):
            yield _voucher(pair, "month", month, scale, Fraction(scale["monthly"]))
    for one in sorted(pair.reached, key=lambda one: one[:2]):
        scale = _paying(scales, one[0])
        if scale and one[0] <= pair.until and _counts(scale, pair, one):
            yield _voucher(pair, "success", one[0], scale, Fraction(scale["success"]["amount"]))
            break
    if pair.how == "passed" and pair.end:
        scale = _paying(scales, pair.end[1])
        if scale and scale["subsidy"]:
            each = scale["subsidy"]["levels"].get(pair.end[2], scale["subsidy"]["without"])
            yuan = Fraction(each) * _full_years(pair)
            yield _voucher(pair, "subsidy", pair.end[1], scale, yuan)


def books(scales: list[dict[str, Any]], diary: Diary, until: date) -> Books:
    """Return in fen what each pair, payee and year comes to by events up to a day."""
    pairs = [Pair(diary, one, until) for one in diary if one["what"] == "pair"]
    vouchers = [one for pair in pairs for one in _vouchers(scales, pair)]
    for one in vouchers:
        fen = _fen(one["scale"], one["yuan"] * _times(one["scale"], one["day"]))
        fen = _after_break(one["scale"], one["pair"], fen)
        barred = _barred(one["scale"], diary, one["pair"], one["part"], one["day"])
        one["fen"] = 0 if barred else fen
    _reward_once(vouchers)
    _take_higher(vouchers)
    _keep_caps(vouchers)
    found: Books = defaultdict(int)
    for one in vouchers:
        payee = "employer" if one["part"] == "subsidy" else "mentor"
        found[one["pair"].key, payee, one["day"].year] += one["fen"]
    for pair in pairs:
        _top_up(scales, pair, found)
    return {key: fen for key, fen in found.items() if fen}


def _reward_once(vouchers: list[dict[str, Any]]) -> None:
    seen: set[int] = set()
    for one in sorted(vouchers, key=lambda one: (one["day"], one["pair"].key)):
        if one["part"] != "success" or not one["fen"]:
            continue
        person = one["pair"].opening["apprentice"]
        if person in seen and one["scale"]["success"]["once"] == "apprentice":
            one["fen"] = 0
        seen.add(person)


def _take_higher(vouchers: list[dict[str, Any]]) -> None:
    for success in vouchers:
        if success["part"] == "success" and success["scale"]["combine"] == "max":
            months = [
                one
                for one in vouchers
                if one["part"] == "month"
                and one["pair"] is success["pair"]
                and one["day"].year == success["day"].year
            ]
            if sum(one["fen"] for one in months) < success["fen"]:
                for one in months:
                    one["fen"] = 0
            else:
                success["fen"] = 0


def _keep_caps(vouchers: list[dict[str, Any]]) -> None:
    """Fill two kinds of jars in the order of days; what does not fit is spilled."""
    order = {"month": 0, "success": 1}
    stipends = [one for one in vouchers if one["part"] in order]
    jars: dict[Any, int] = defaultdict(int)
    for cap, jar in (
        ("pair_cap", lambda one: one["pair"].key),
        ("year_cap", lambda one: (one["pair"].opening["mentor"], one["day"].year)),
    ):
        jars.clear()
        for one in sorted(
            stipends, key=lambda one: (one["day"], one["pair"].key, order[one["part"]])
        ):
            limit = one["scale"][cap]
            if limit is not None:
                room = int(Fraction(limit) * 100) - jars[jar(one)]
                one["fen"] = min(one["fen"], max(room, 0))
            jars[jar(one)] += one["fen"]


def _top_up(scales: list[dict[str, Any]], pair: Pair, found: Books) -> None:
    safe = pair.opening["safe"]
    scale = _paying(scales, safe)
    if scale is None or safe > pair.until or pair.over:
        return
    subsidy = scale["subsidy"]["advance"] if scale["subsidy"] else 0
    for payee, advance in (("mentor", scale["advance"]), ("employer", subsidy)):
        earned = sum(
            fen for (key, whose, _), fen in found.items() if (key, whose) == (pair.key, payee)
        )
        found[pair.key, payee, safe.year] += max(0, int(Fraction(advance) * 100) - earned)
