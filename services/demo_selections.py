"""Selections of the demonstration: a programme with an open round, another one in preparation."""

from datetime import date, datetime, time

from rules.selection_programmes import ShippedProgramme, shipped_programmes
from services import selections, selections_bodies, selections_publishing, selections_rounds
from services.acting import ZONE
from services.demo_stages import Stage
from services.selections import ProgrammeFacts
from services.selections_bodies import BodyKind, QuotaFacts

DOCUMENT = "慈人社发〔2017〕12号"
CHECKED = "浒山街道"


def add_selections(stage: Stage) -> None:
    """Open a round of 上林名匠, and prepare one of 特级技师 for a second person."""
    _open_round(stage)
    _take_over(stage, "TJJS", -3)


def _open_round(stage: Stage) -> int:
    """Open a round ten days ago; applications come in for twenty more."""
    round_id = _take_over(stage, "SLMJ", -20)
    row = selections.get_round(round_id)
    changes = {
        "opens_at": _at(stage.day(-10), 9),
        "closes_at": _at(stage.day(20), 17),
        "counts_on": stage.day(20),
    }
    by = stage.by("bureau", -20)
    selections_rounds.edit_rules(by, round_id, row.digest, changes)
    selections_publishing.publish(stage.by("bureau2", -12), round_id)
    quotas = [
        QuotaFacts(BodyKind.DISTRICT, CHECKED, 5),
        QuotaFacts(BodyKind.ASSOCIATION, "慈溪市模具行业协会", 2),
    ]
    later = stage.by("bureau", -11)
    selections_bodies.set_quotas(later, round_id, quotas)
    selections_bodies.name_clerk(later, round_id, "checker", "district", CHECKED)
    return round_id


def _take_over(stage: Stage, code: str, day: int) -> int:
    shipped = shipped_programmes()[code]
    year = stage.today.year
    return selections_rounds.take_over(stage.by("bureau", day), code, _facts(shipped), year)


def _facts(shipped: ShippedProgramme) -> ProgrammeFacts:
    return ProgrammeFacts(
        code=shipped.code,
        title=shipped.title,
        verb=shipped.verb,
        level=shipped.level,
        organiser=shipped.organiser,
        basis=shipped.basis,
        document=DOCUMENT if shipped.code == "SLMJ" else "",
        cycle_years=shipped.cycle_years,
        scope=shipped.scope,
        most_people=shipped.most_people,
    )


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZONE)
