"""The names of coded values of figures."""

from enum import Enum

from blueprints.labels_programmes import Label
from rules.figure_words import COUNTED_WORDS, PART_WORDS, SOURCE_WORDS
from rules.figures import (
    Bound,
    EventSort,
    FigureKind,
    LevelVia,
    PairKind,
    ReplyState,
    Sex,
)
from rules.payouts import PayeeKind
from rules.texts import N_

LABELS: tuple[tuple[Enum, Label], ...] = (
    *((source, Label(text)) for source, text in SOURCE_WORDS.items()),
    *((counted, Label(text)) for counted, text in COUNTED_WORDS.items()),
    *((part, Label(text)) for part, text in PART_WORDS.items()),
    (Sex.FEMALE, Label(N_("women"))),
    (Sex.MALE, Label(N_("men"))),
    (PayeeKind.PERSON, Label(N_("paid to persons"))),
    (PayeeKind.EMPLOYER, Label(N_("paid to employers"))),
    (PayeeKind.TEAM, Label(N_("paid to teams"))),
    (PairKind.USUAL, Label(N_("usual apprenticeship"))),
    (PairKind.NEW, Label(N_("new apprenticeship"))),
    (PairKind.BEFORE, Label(N_("taught before the register"))),
    (LevelVia.CONTEST, Label(N_("through a contest here"))),
    (LevelVia.ELSEWHERE, Label(N_("in another way"))),
    (EventSort.USUAL, Label(N_("event with places"))),
    (EventSort.DEMONSTRATION, Label(N_("demonstration event"))),
    (FigureKind.COUNTED, Label(N_("Counted in a register"), "info")),
    (FigureKind.TYPED, Label(N_("Typed from a document"), "warn")),
    (ReplyState.DRAFT, Label(N_("Reply being written"), "warn")),
    (ReplyState.SENT, Label(N_("Reply sent"), "good")),
    (Bound.EXACTLY, Label(N_("exactly"))),
    (Bound.AT_LEAST, Label(N_("at least"))),
    (Bound.AT_MOST, Label(N_("at most"))),
    (Bound.MORE_THAN, Label(N_("more than"))),
    (Bound.ABOUT, Label(N_("about"))),
)
