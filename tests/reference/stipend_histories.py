"""Random diaries of pairs over years, settled run by run, and compared with the clerk's books."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from rules.stipend_items import End, OtherSubsidy, Pair, Reached, anniversary
from rules.stipend_scales import (
    Achievement,
    Apprenticeship,
    Exclusions,
    Factor,
    Outcome,
    Part,
    Scale,
    Success,
)
from rules.stipends import LineKind, added, settle
from tests.reference.stipends import Diary, books

FIRST = date(2023, 1, 1)
TRADES = ("焊工", "钳工", "电工")


def _day(random: Random, first: date, days: int) -> date:
    return first + timedelta(days=random.randrange(max(1, days)))


def _month(day: date) -> date:
    return day.replace(day=1)


def random_scales(random: Random) -> list[dict[str, Any]]:
    """Make one to three scales that follow each other, the last one sometimes ending."""
    starts = sorted({_day(random, FIRST, 900) for _ in range(random.choice((1, 2, 2, 3)))})
    return [_scale(random, place, start) for place, start in enumerate(starts)]


def _scale(random: Random, place: int, start: date) -> dict[str, Any]:
    first = _day(random, start, 400)
    second = _day(random, first + timedelta(days=200), 200)
    factors = [("1.30", first, first + timedelta(days=150))]
    if random.random() < 0.4:
        factors.append((random.choice(("0.85", "1.333", "2")), second, second))
    pair_cap = random.choice((None, None, "1000", "3500.50"))
    return {
        "title": f"办法{place + 1}",
        "from": start,
        "to": random.choice((None, None, None, _month(start + timedelta(days=300)))),
        "monthly": random.choice((None, "200", "200", "166.67", "33.33")),
        "success": random.choice((None, _success(random), _success(random))),
        "factors": factors if random.random() < 0.7 else [],
        "combine": random.choice(("sum", "max")),
        "year_cap": random.choice((None, "2400", "3000", "999.99")),
        "pair_cap": pair_cap,
        "advance": random.choice(("0", "0", "500", "900")),
        "exclusions": {
            "parts": random.choice((["subsidy"], ["month", "success", "subsidy"], [])),
            "trainings": random.choice((None, 1, 2, 3)),
            "same": random.random() < 0.5,
            "kinds": random.sample(("pre_job", "upgrade", "other"), random.randrange(3)),
        },
        "subsidy": random.choice(
            (
                None,
                {
                    "levels": {4: "5000", 3: "6000"},
                    "without": random.choice(("4000", "0")),
                    "advance": random.choice(("0", "2000")),
                },
            )
        ),
        "break_off": random.choice(("full", "case")),
        "rounding": random.choice(("fen", "fen", "yuan", "yuan_down")),
    }


def _success(random: Random) -> dict[str, Any]:
    kinds = random.sample(("level", "rank", "acceptance"), random.randint(1, 3))
    return {
        "amount": random.choice(("2000", "1500.25")),
        "counts": kinds,
        "level": random.choice((2, 3)),
        "years": random.choice((None, 1, 3, 3)),
        "once": random.choice(("apprentice", "pair")),
    }


def as_scale(one: dict[str, Any]) -> Scale | None:
    """Return a scale as rule data, or nothing where it would pay for nothing."""
    if not (one["monthly"] or one["success"] or one["subsidy"]):
        return None
    subsidy, success, rule = one["subsidy"], one["success"], one["exclusions"]
    return Scale(
        title=one["title"],
        starts_on=one["from"],
        ends_on=one["to"],
        monthly=one["monthly"],
        success=success
        and Success(
            amount=success["amount"],
            counts=tuple(Achievement(kind) for kind in success["counts"]),
            level=success["level"],
            within_years=success["years"],
            once_per=success["once"],
        ),
        factors=tuple(
            Factor(factor=factor, from_on=first, to_on=last)
            for factor, first, last in one["factors"]
        ),
        combine=one["combine"],
        mentor_year_cap=one["year_cap"],
        pair_cap=one["pair_cap"],
        advance=one["advance"],
        exclusions=Exclusions(
            applies_to=tuple(Part(part) for part in rule["parts"]),
            trainings_a_year=rule["trainings"],
            same_level_once=rule["same"],
            kinds=tuple(rule["kinds"]),
        ),
        apprenticeship=subsidy
        and Apprenticeship(
            by_level=tuple(
                Outcome(level=level, amount=amount) for level, amount in subsidy["levels"].items()
            ),
            without_certificate=subsidy["without"],
            advance=subsidy["advance"],
        ),
        break_off=one["break_off"],
        rounding=one["rounding"],
    )


def open_pair(random: Random, key: int) -> dict[str, Any]:
    """Write the opening of a pair into the diary."""
    signed = _day(random, FIRST, 800)
    starts = signed + timedelta(days=random.randrange(30))
    return {
        "what": "pair",
        "pair": key,
        "mentor": random.randint(1, 3),
        "apprentice": random.randint(101, 104),
        "employer": random.randint(1, 2),
        "occupation": random.choice(TRADES),
        "signed": signed,
        "starts": starts,
        "ends": starts + timedelta(days=random.choice((364, 365, 500, 730, 1095))),
        "safe": starts + timedelta(days=random.choice((0, 31))),
    }


def add_evidence(random: Random, diary: Diary, today: date) -> None:
    """Let something happen to each pair: confirmed, withdrawn, reached, paused, ended, decided."""
    for opening in [one for one in diary if one["what"] == "pair"]:
        key, starts = opening["pair"], opening["starts"]
        span = max(1, (today - starts).days)
        for _ in range(random.randrange(8)):
            _confirm(random, diary, key, _month(_day(random, starts - timedelta(10), span + 40)))
        if random.random() < 0.3:
            diary.append(_reached(random, opening, span))
        if random.random() < 0.15:
            first = _day(random, starts, span)
            last = random.choice((None, first + timedelta(days=random.randrange(100))))
            diary.append({"what": "pause", "pair": key, "from": first, "to": last})
        _end(random, diary, opening, span)
    if random.random() < 0.5:
        diary.append(_subsidy(random, today))


def _confirm(random: Random, diary: Diary, key: int, month: date) -> None:
    for who in ("mentor", "apprentice"):
        if random.random() < 0.9:
            diary.append({"what": f"{who} confirms", "pair": key, "month": month})
    if random.random() < 0.1:
        diary.append({"what": "withdrawn", "pair": key, "month": month})


def _subsidy(random: Random, today: date) -> dict[str, Any]:
    return {
        "what": "subsidy",
        "person": random.randint(101, 104),
        "kind": random.choice(("pre_job", "upgrade", "apprenticeship", "other")),
        "occupation": random.choice(TRADES),
        "level": random.choice((None, 3, 4)),
        "day": _day(random, FIRST, (today - FIRST).days + 60),
    }


def _reached(random: Random, opening: dict[str, Any], span: int) -> dict[str, Any]:
    # Now and then on the very last day that counts, or the day after it.
    last = anniversary(opening["signed"], random.choice((1, 3)))
    days = (_day(random, opening["starts"] - timedelta(days=5), span + 60), last)
    return {
        "what": "reached",
        "pair": opening["pair"],
        "kind": random.choice(("level", "rank", "acceptance")),
        "level": random.choice((None, 1, 2, 3, 4)),
        "day": random.choice((*days, *days, last + timedelta(days=1))),
    }


def _end(random: Random, diary: Diary, opening: dict[str, Any], span: int) -> None:
    if random.random() < 0.25:
        ways = ("passed", "passed", "failed", "broken_off", "broken_off", "transferred", "void")
        diary.append(
            {
                "what": "ended",
                "pair": opening["pair"],
                "how": random.choice(ways),
                "day": _day(random, opening["starts"], span + 40),
                "level": random.choice((None, 3, 4)),
            }
        )
    if random.random() < 0.15:
        kept = random.choice(("0", "0.5", "0.333", "1"))
        diary.append({"what": "case", "pair": opening["pair"], "kept": kept})


def as_pairs(diary: Diary) -> list[Pair]:
    """Return the pairs of a diary as the rule takes them."""
    return [_pair(diary, one) for one in diary if one["what"] == "pair"]


def _pair(diary: Diary, opening: dict[str, Any]) -> Pair:
    mine = [one for one in diary if one.get("pair") == opening["pair"]]
    ends = [one for one in mine if one["what"] == "ended"]
    cases = [Decimal(one["kept"]) for one in mine if one["what"] == "case"]
    return Pair(
        key=opening["pair"],
        mentor=opening["mentor"],
        apprentice=opening["apprentice"],
        employer=opening["employer"],
        occupation=opening["occupation"],
        signed_on=opening["signed"],
        starts_on=opening["starts"],
        ends_on=opening["ends"],
        safe_on=opening["safe"],
        ended_on=ends[-1]["day"] if ends else None,
        end=End(ends[-1]["how"]) if ends else None,
        level_gained=ends[-1]["level"] if ends else None,
        months=_months(mine),
        pauses=tuple((one["from"], one["to"]) for one in mine if one["what"] == "pause"),
        reached=tuple(
            Reached(Achievement(one["kind"]), one["day"], one["level"])
            for one in mine
            if one["what"] == "reached"
        ),
        kept=cases[-1] if cases else None,
    )


def _months(mine: Diary) -> frozenset[date]:
    confirmed: dict[date, set[str]] = defaultdict(set)
    for one in mine:
        if one["what"].endswith("confirms"):
            confirmed[one["month"]].add(one["what"])
        elif one["what"] == "withdrawn":
            confirmed.pop(one["month"], None)
    return frozenset(month for month, who in confirmed.items() if len(who) == 2)


def as_subsidies(diary: Diary) -> dict[int, list[OtherSubsidy]]:
    """Return the other subsidies of a diary by person."""
    found: dict[int, list[OtherSubsidy]] = defaultdict(list)
    for one in diary:
        if one["what"] == "subsidy":
            found[one["person"]].append(
                OtherSubsidy(one["kind"], one["occupation"], one["level"], one["day"])
            )
    return found


def live_through(seed: int) -> tuple[str, int, int]:
    """Settle a random history run by run; return what differs, the lines, the corrections."""
    random = Random(seed)
    raw = [one for one in random_scales(random) if as_scale(one) is not None]
    scales = [scale for one in raw if (scale := as_scale(one)) is not None]
    diary: Diary = [open_pair(random, key) for key in range(1, random.randint(2, 6))]
    until = _day(random, FIRST + timedelta(days=200), 200)
    settled: dict[tuple[int, str], Decimal] = {}
    ordered: dict[tuple[int, str, int], int] = defaultdict(int)
    through, count, corrections = None, 0, 0
    for _run in range(random.randint(2, 6)):
        add_evidence(random, diary, until)
        lines = settle(scales, as_pairs(diary), as_subsidies(diary), settled, until, through)
        for line in lines:
            payee = "mentor" if line.employer is None else "employer"
            assert line.amount == sum(amount for _key, amount in line.items)
            ordered[line.pair, payee, line.year] += int(line.amount * 100)
            corrections += line.kind in (LineKind.CORRECTION, LineKind.CLAW_BACK)
        count += len(lines)
        settled = added(settled, lines)
        expected = books(raw, diary, until)
        found = {key: fen for key, fen in ordered.items() if fen}
        if found != expected:
            return f"seed {seed}, run of {until}: {found} is not {expected}", count, corrections
        again = settle(scales, as_pairs(diary), as_subsidies(diary), settled, until, until)
        if again:
            return f"seed {seed}, run of {until}: a second run brings {again}", count, corrections
        through, until = until, until + timedelta(days=random.randint(30, 300))
    return "", count, corrections
