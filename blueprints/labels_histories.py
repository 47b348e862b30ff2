"""The names of coded values of lists of the past."""

from enum import Enum

from blueprints.labels_programmes import Label
from rules.histories import HistoryKind, HistoryState
from rules.histories_matches import HistoryMatch
from rules.texts import N_
from services.histories_lists import HistorySubject, Shown

EDITIONS = N_("Editions of contests with entrants and results")
HONOURS = N_("Honours and titles of people")

LABELS: tuple[tuple[Enum, Label], ...] = (
    (HistoryKind.EDITIONS, Label(EDITIONS)),
    (HistoryKind.HONOURS, Label(HONOURS)),
    (HistoryState.UPLOADED, Label(N_("Columns to be chosen"), "warn")),
    (HistoryState.PREVIEWED, Label(N_("Waits to be brought in"), "warn")),
    (HistoryState.CONFIRMED, Label(N_("Brought in"), "good")),
    (HistoryState.DISCARDED, Label(N_("Forgotten"), "off")),
    (HistoryState.UNDONE, Label(N_("Taken back out"), "off")),
    (HistoryMatch.KNOWN, Label(N_("Known by the identity number"))),
    (HistoryMatch.NEW, Label(N_("New to the register"))),
    (HistoryMatch.DECIDED, Label(N_("Chosen by staff"))),
    (HistoryMatch.OPEN, Label(N_("Waits for a decision of staff"))),
    (HistoryMatch.NAME_ONLY, Label(N_("Kept by name alone"))),
    (HistorySubject.EDITIONS, Label(EDITIONS)),
    (HistorySubject.HONOURS, Label(HONOURS)),
    (HistorySubject.HOLDERS, Label(N_("Holders of titles of a selection, with their terms"))),
    (HistorySubject.WORKSHOPS, Label(N_("Register of workshops"))),
    (HistorySubject.MENTORSHIPS, Label(N_("Register of mentors and apprentices"))),
    (HistorySubject.PROVINCIAL, Label(N_("Our people in contests above the city"))),
    (Shown.ALL, Label(N_("All rows"))),
    (Shown.PROBLEMS, Label(N_("Rows that have errors"))),
    (Shown.OPEN, Label(N_("Rows that wait for a decision"))),
    (Shown.DECIDED, Label(N_("Rows that were decided"))),
)
