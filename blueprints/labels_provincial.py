"""The names of coded values in contests above the city's."""

from enum import Enum

from blueprints.labels_programmes import Label
from rules.provincial import (
    EntrantStatus,
    EventFormat,
    Medal,
    NamingState,
    ProvincialImportState,
    ProvincialLevel,
    ProvincialState,
    ResultState,
    SlotSource,
    SlotState,
)
from rules.provincial_imports import MATCH_TEXTS, ResultMatch
from rules.texts import N_

LABELS: tuple[tuple[Enum, Label], ...] = (
    (ProvincialLevel.PROVINCE, Label(N_("Contest of the province"))),
    (ProvincialLevel.NATION, Label(N_("Contest of the nation"))),
    (ProvincialLevel.WORLD, Label(N_("Contest of the world"))),
    (ProvincialState.PREPARING, Label(N_("Being prepared"), "info")),
    (ProvincialState.ENTERED, Label(N_("Form sent"), "info")),
    (ProvincialState.HELD, Label(N_("Contest was held"), "good")),
    (ProvincialState.CLOSED, Label(N_("Settled"), "good")),
    (ProvincialState.CANCELLED, Label(N_("Not held"), "bad")),
    (EventFormat.SINGLE, Label(N_("Single"))),
    (EventFormat.PAIR, Label(N_("Pair"))),
    (EventFormat.TRIPLE, Label(N_("Team of three"))),
    (EntrantStatus.STAFF, Label(N_("Staff"))),
    (EntrantStatus.TEACHER, Label(N_("Teachers"))),
    (EntrantStatus.STUDENT, Label(N_("Students"))),
    (SlotState.SELECTED, Label(N_("Selected"))),
    (SlotState.IN_TRAINING, Label(N_("In training"), "info")),
    (SlotState.NAMED, Label(N_("Named"), "good")),
    (SlotState.RESERVE, Label(N_("Reserve"), "warn")),
    (SlotState.RELEASED, Label(N_("Not named"))),
    (SlotState.ENTERED, Label(N_("Entered for it"), "good")),
    (SlotState.COMPETED, Label(N_("Started"), "good")),
    (SlotState.ABSENT, Label(N_("Did not start"), "bad")),
    (SlotState.REPLACED, Label(N_("Replaced by a reserve"), "bad")),
    (SlotState.WITHDRAWN, Label(N_("Gave up"), "bad")),
    (SlotSource.SELECTION, Label(N_("Selection of the city"))),
    (SlotSource.BY_HAND, Label(N_("By hand"))),
    (SlotSource.HISTORY, Label(N_("Past contest"))),
    (NamingState.PROPOSED, Label(N_("Waits for a second person"), "warn")),
    (NamingState.AGREED, Label(N_("Agreed"), "good")),
    (NamingState.DECLINED, Label(N_("Sent back"), "bad")),
    (Medal.GOLD, Label(N_("Gold medal"))),
    (Medal.SILVER, Label(N_("Silver medal"))),
    (Medal.BRONZE, Label(N_("Bronze medal"))),
    (Medal.MEDALLION, Label(N_("Medallion of excellence"))),
    (ResultState.RECORDED, Label(N_("Recorded, to be confirmed"), "warn")),
    (ResultState.CONFIRMED, Label(N_("Confirmed by two"), "good")),
    (ProvincialImportState.PREVIEWED, Label(N_("To be confirmed"), "warn")),
    (ProvincialImportState.CONFIRMED, Label(N_("Taken over"), "good")),
    (ProvincialImportState.DISCARDED, Label(N_("Put away"))),
    (ProvincialImportState.UNDONE, Label(N_("Undone"), "bad")),
    *((match, Label(MATCH_TEXTS[match])) for match in ResultMatch),
)
