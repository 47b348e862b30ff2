"""Events with sealed codes at each step: list open, sealing, sealed, opening, known."""

from datetime import timedelta

from blueprints.commands import DEMO_PASSWORD
from models.database import db
from rules.access import Grant, Role
from rules.days import DayRules
from rules.states import EventState
from services import accounts_granting, contests, editions, layers, layers_keys, layers_opening
from services.contests import ContestFacts
from services.demo_events import SKETCHES, edition_rules
from services.demo_stages import HOSTS, SPONSORS, Group, Stage, _add_event, add_group

LAYERS = 2


def be_sealed(stage: Stage) -> None:
    """Play an edition whose codes are sealed in two layers, an event at each step."""
    _add_people(stage)
    _list, sealing, sealed, opening, known = _add_events(stage)
    for event_id in (sealing, sealed, opening, known):
        layers.begin_sealing(stage.by("organizer", 0, 9), event_id, early=True)
    for name, number in (("sealer.two", 1), ("sealer", 2)):
        for event_id in (sealing, sealed, opening, known)[number - 1 :]:
            _seal(stage, name, event_id)
    for event_id in (opening, known):
        contests.get_event(event_id).state = EventState.REVIEW  # the chief judge has handed in
    db.session.commit()
    layers_opening.confirm_presence(stage.by("organizer", 0, 11), opening)
    for name in ("sealer", "sealer.two"):
        for witness in ("organizer", "chief"):
            layers_opening.confirm_presence(stage.by(witness, 0, 11), known)
        layers_opening.open_next(stage.by(name, 0, 11), known, DEMO_PASSWORD)


def _add_people(stage: Stage) -> None:
    """Give two sealers and the supervisor their keys."""
    by = stage.by("admin", -5)
    new = accounts_granting.NewAccount("sealer.two", "沈国良", (Grant(Role.SEALER),))
    stage.accounts["sealer.two"] = accounts_granting.create(by, new, 14).account_id
    for name in ("sealer", "sealer.two", "supervisor"):
        layers_keys.store_key(stage.by(name, -4), layers_keys.lock_up(DEMO_PASSWORD))


def _add_events(stage: Stage) -> list[int]:
    days = [stage.today + timedelta(days=day) for day in (-40, -1, 0, 2)]
    facts = ContestFacts(
        code=f"MF{stage.today.year}",
        title="2026年慈溪市密封评审技能赛",
        year=stage.today.year,
        level="city",
        entry_opens_on=days[0],
        entry_closes_on=days[1],
        starts_on=days[2],
        ends_on=days[3],
        sponsors=SPONSORS,
        hosts=HOSTS,
    )
    by = stage.by("organizer", -45, 9)
    rules = edition_rules().model_copy(update={"day": DayRules(code_layers=LAYERS)})
    contest_id = contests.create_contest(by, facts, rules)
    ids = [_add_event(stage, by, contest_id, sketch, 0) for sketch in SKETCHES[:5]]
    editions.publish(stage.by("organizer", -44, 9), contest_id)
    for event_id in ids:
        add_group(stage, by, event_id, Group(3))
        add_group(stage, by, event_id, Group(2, is_student=True))
    return ids


def _seal(stage: Stage, name: str, event_id: int) -> None:
    by = stage.by(name, 0, 9)
    escrow = layers_keys.find_key(stage.accounts["supervisor"])
    draft = layers.draw_layer(by, event_id, DEMO_PASSWORD, escrow and escrow.id)
    layers.seal(by, event_id, draft)
