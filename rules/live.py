"""A running event: after one changed mark only that entry is computed anew."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rules.marking import Calculator, EntryScore
from rules.marks import JudgeMarks
from rules.ranking import EntryStatus, Place, Ranked, TieBreak, places
from rules.schemes import Scheme
from rules.stages import Lookup, Starter


class LiveEvent:
    """The scores and places of an event while its marks come in.

    Schemes that compare entries with each other (stages, points for places) are refused: there
    one mark can change everybody's result, and the event is computed as a whole.
    """

    def __init__(
        self, scheme: Scheme, tie_breaks: Sequence[TieBreak], starters: Iterable[Starter]
    ) -> None:
        self._calculator = Calculator(scheme)
        self._lookup, self._steps = Lookup(self._calculator, tie_breaks), tie_breaks
        self._starters = {starter.entry_id: starter for starter in starters}
        self.scores: dict[int, EntryScore] = {}
        self._ranked: dict[int, Ranked] = {}
        for entry_id in self._starters:
            self._compute(entry_id)

    def change(self, entry_id: int, part: str, sheets: Sequence[JudgeMarks]) -> EntryScore:
        """Take the new sheets of one part of one entry, or raise IncompleteMarks."""
        starter = self._starters[entry_id]
        changed = replace(starter, marks={**starter.marks, part: sheets})
        before = self._starters[entry_id]
        self._starters[entry_id] = changed
        try:
            return self._compute(entry_id)
        except Exception:
            self._starters[entry_id] = before
            raise

    def _compute(self, entry_id: int) -> EntryScore:
        starter = self._starters[entry_id]
        score = self._calculator.score(starter.marks)
        out = score.disqualified is not None
        status = EntryStatus.VIOLATION if out else EntryStatus.COMPETED
        self._ranked[entry_id] = self._lookup.ranked(starter, score, status)
        self.scores[entry_id] = score
        return score

    def places(self) -> list[Place]:
        """Return the places as they are now."""
        found = places(list(self._ranked.values()), self._steps)
        # Next time the entries are almost in order, and sorting them is quick.
        self._ranked = {place.entry_id: self._ranked[place.entry_id] for place in found}
        return found
