"""The tree beside the page of a node: what the draft adds up to, and where it is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext

from blueprints.contests.node_boxes import KIND_TITLES
from blueprints.contests.node_places import BESIDE
from blueprints.contests.node_reading import without_blanks
from blueprints.contests.node_views import Errors, Offers, written
from blueprints.web import translated
from rules.data import plain
from rules.scheme_drafts import Checked, Spot, Sums, check, number, sums
from rules.scheme_trees import Data, Kind, Path, above, kind_of, place_of, walk
from rules.texts import N_

SUB_CRITERION = N_("Sub-criterion")


@dataclass(frozen=True)
class Branchlet:
    """One line of the tree."""

    place: str
    kind: Kind
    title: str
    depth: int
    sum: str
    weight: str
    problems: int
    is_here: bool


@dataclass(frozen=True)
class Survey:
    """A draft with everything that is known of it."""

    data: Data
    checked: Checked
    sums: Sums

    @classmethod
    def of(cls, data: Data) -> "Survey":
        """Look at a draft."""
        checked = check(without_blanks(data))
        return cls(data, checked, sums(checked.cleaned))

    def tree(self, here: Path) -> list[Branchlet]:
        """Return the lines of the tree; aspects only of the branch where one is."""
        return [
            self._line(path, node, here)
            for path, node in walk(self.data)
            if kind_of(path) != "aspect" or path[:-2] in (here, here[:-2])
        ]

    def _line(self, path: Path, node: Data, here: Path) -> Branchlet:
        return Branchlet(
            place=place_of(path),
            kind=kind_of(path),
            title=title_of(path, node),
            depth=len(path) // 2,
            sum=shown(self.sums.highest.get(path)),
            weight=written(node.get("weight")),
            problems=self._count(path, here),
            is_here=path == here,
        )

    def _count(self, path: Path, here: Path) -> int:
        """Count the problems of a node; of aspects that are not shown, at their criterion."""
        return sum(self._shown_at(spot.path, here) == path for spot in self.checked.spots)

    def _shown_at(self, path: Path, here: Path) -> Path:
        hidden = kind_of(path) == "aspect" and path[:-2] not in (here, here[:-2])
        return path[:-2] if hidden else path

    def problems(self, here: Path | None = None) -> list[dict[str, str]]:
        """Return what is wrong, each with the node that it belongs to."""
        return [
            {"place": place_of(spot.path), "node": self._named(spot), "text": said(spot)}
            for spot in self.checked.spots
            if here is None or spot.path == here
        ]

    def _named(self, spot: Spot) -> str:
        node = next((node for path, node in walk(self.data) if path == spot.path), {})
        return title_of(spot.path, node)

    def errors(self, here: Path) -> Errors:
        """Return what is wrong with the fields of one node; an empty name is the node itself."""
        found: Errors = {}
        for spot in self.checked.spots:
            if spot.path == here:
                names = spot.field or BESIDE.get(spot.problem.message, ())
                found.setdefault(names, []).append(said(spot))
        return found

    def crumbs(self, here: Path) -> list[tuple[str, str]]:
        """Return the way from the scheme to a node."""
        nodes = dict(walk(self.data))
        return [(place_of(path), title_of(path, nodes[path])) for path in above(here)]

    def offers(self) -> Offers:
        """Return what can be chosen from the scheme itself: its stages, its nodes."""
        stages = [
            (str(s.get("key", "")), written(s.get("title"))) for s in _rows(self.data, "stages")
        ]
        facts = [
            (str(f.get("key", "")), written(f.get("title"))) for f in _rows(self.data, "facts")
        ]
        nodes = [
            (str(node.get("key", "")), "　" * (len(path) // 2 - 1) + title_of(path, node))
            for path, node in walk(self.data)
            if path
        ]
        return {"stages": stages, "nodes": [*nodes, *facts]}

    def summary(self) -> str:
        """Say in one line what the draft adds up to and how much is wrong."""
        texts = [self._total(), *self._weights()]
        count = len(self.checked.spots)
        texts.append(
            gettext("%(count)s problems.", count=count) if count else gettext("No problem.")
        )
        return " ".join(text for text in texts if text)

    def _total(self) -> str:
        total = self.sums.total
        return "" if total is None else gettext("Highest total %(total)s.", total=shown(total))

    def _weights(self) -> Iterator[str]:
        nodes = dict(walk(self.data))
        for path, total in self.sums.weights.items():
            if path in ((), *(("stages", n) for n in range(len(nodes)))):
                title = title_of(path, nodes.get(path, {})) if path else ""
                text = gettext("Weights of the parts: %(total)s.", total=shown(total))
                yield f"{title}: {text}" if title else text


def _rows(data: Data, name: str) -> list[Data]:
    found = data.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def title_of(path: Path, node: Data) -> str:
    """Return the title of a node, or what kind of node it is."""
    return written(node.get("title")) or gettext(KIND_TITLES[kind_of(path)])


def said(spot: Spot) -> str:
    """Say a problem in the reader's language."""
    return translated(spot.problem)


def shown(value: Fraction | None) -> str:
    """Write a sum, or a dash where it is not known yet."""
    return "–" if value is None else plain(number(value))
