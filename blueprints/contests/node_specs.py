"""What fields of a marking scheme are made of: single ones, groups, rows, boxes of a page."""

from dataclasses import dataclass
from typing import Literal

from rules.data import RuleData
from rules.scheme_nodes import AspectKind

Typed = Literal["text", "long", "number", "whole", "numbers", "choice", "tick"]
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Spec:
    """One field: its name in the rules, its label, how it is typed; `offer` names live choices."""

    name: str
    label: str
    typed: Typed = "number"
    choices: Choices = ()
    help: str = ""
    offer: str = ""


@dataclass(frozen=True)
class Group:
    """Fields that belong together and are there or not, such as an agreed value."""

    name: str
    label: str
    model: type[RuleData]
    specs: tuple[Spec, ...]
    help: str = ""
    # Whether a tick says that it is there; otherwise it is there once something is typed.
    ticked: bool = False


@dataclass(frozen=True)
class Rows:
    """A list of rows that can be added and removed."""

    name: str
    label: str
    add: str
    model: type[RuleData]
    specs: tuple[Spec, ...]
    # The group in which the rows are kept, if not in the node itself.
    under: str = ""


@dataclass(frozen=True)
class Special:
    """Something that is typed in a way of its own: the ladder, the roundings."""

    name: Literal["ladder", "rounds"]


Item = Spec | Group | Rows | Special


@dataclass(frozen=True)
class Box:
    """A titled piece of a node's page; a folded one opens when something in it is filled."""

    title: str
    items: tuple[Item, ...]
    folded: bool = True
    kinds: tuple[AspectKind, ...] = ()
    help: str = ""
