"""What waits of contests above the city's on the desks: figures that join one statement."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from models.provincial import (
    ProvincialContest,
    ProvincialEvent,
    ProvincialImport,
    ProvincialNaming,
    ProvincialResult,
    ProvincialSlot,
    ProvincialSlotMember,
)
from rules.access import Holder
from rules.provincial import (
    NamingState,
    ProvincialImportKind,
    ProvincialImportState,
    ProvincialState,
    ResultState,
    SlotState,
)
from services.desks_selections import Asked
from services.desks_tasks import Task

SOON = timedelta(days=21)
_GOING = (SlotState.IN_TRAINING, SlotState.NAMED, SlotState.RESERVE, SlotState.ENTERED)


def of_bureau(holder: Holder, today: date) -> Iterator[Asked]:
    """Yield namings and results for a second person, forms to send, files to take over."""
    me = holder.account_id
    yield Asked(
        Task.AGREE_NAMING,
        ProvincialNaming.event_id,
        [
            ProvincialNaming.state == NamingState.PROPOSED,
            ProvincialNaming.proposed_by_id.is_distinct_from(me),
        ],
    )
    recorded = (
        select(ProvincialResult.id)
        .join(ProvincialSlot, ProvincialSlot.id == ProvincialResult.slot_id)
        .join(ProvincialEvent, ProvincialEvent.id == ProvincialSlot.event_id)
        .where(
            ProvincialEvent.contest_id == ProvincialContest.id,
            ProvincialResult.state == ResultState.RECORDED,
            ProvincialResult.recorded_by_id.is_distinct_from(me),
        )
    )
    yield Asked(Task.CONFIRM_PROVINCIAL, ProvincialContest.id, [recorded.exists()])
    yield Asked(
        Task.SEND_ENTRY_FORM,
        ProvincialContest.id,
        [
            ProvincialContest.state == ProvincialState.PREPARING,
            ProvincialContest.entry_until.between(today, today + SOON),
        ],
    )
    yield Asked(
        Task.TAKE_INTAKES,
        ProvincialImport.id,
        [
            ProvincialImport.state == ProvincialImportState.PREVIEWED,
            ProvincialImport.kind == ProvincialImportKind.ENTRIES,
        ],
    )


def of_person(holder: Holder, today: date) -> Iterator[Asked]:
    """Yield the contests to which somebody is on the way."""
    own = (
        select(ProvincialSlot.id)
        .join(ProvincialSlotMember, ProvincialSlotMember.slot_id == ProvincialSlot.id)
        .join(ProvincialEvent, ProvincialEvent.id == ProvincialSlot.event_id)
        .where(
            ProvincialEvent.contest_id == ProvincialContest.id,
            ProvincialSlotMember.person_id == (holder.person_id or 0),
            ProvincialSlotMember.active,
            ProvincialSlot.state.in_(_GOING),
        )
    )
    going = (ProvincialState.PREPARING, ProvincialState.ENTERED)
    yield Asked(
        Task.OWN_PROVINCIAL,
        ProvincialContest.id,
        [
            ProvincialContest.state.in_(going),
            ProvincialContest.ends_on >= today,
            own.exists(),
        ],
    )
