"""The chain of signatures between a judge's sheet and the result: who, when, for which marks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.access import Role
from rules.days import DayRules
from rules.refusals import Refused
from rules.texts import N_


class Step(StrEnum):
    """A step of the chain, in its order (R2.23)."""

    JUDGE = "judge"
    GROUP = "group"
    CLERK = "clerk"
    CHIEF = "chief"
    SUPERVISOR = "supervisor"


class Verdict(StrEnum):
    """What somebody did with a step: nobody can change marks there, only say yes or no."""

    CONFIRMED = "confirmed"
    SENT_BACK = "sent_back"


class LinkState(StrEnum):
    """Where one link of the chain stands."""

    DONE = "done"
    CURRENT = "current"
    WAITING = "waiting"


WHOLE = ""
_FIXED = (Step.JUDGE, Step.CHIEF)


def chain_of(day: DayRules) -> tuple[Step, ...]:
    """Return the steps of an edition in their order; a judge and the chief judge always sign."""
    return tuple(step for step in Step if step in _FIXED or step.value in day.signoff)


def step_before(chain: Sequence[Step], step: Step) -> Step:
    """Return the step to which a step is sent back, or raise ValueError for the first one."""
    place = chain.index(step)
    if not place:
        raise ValueError(f"nothing stands before {step}")
    return chain[place - 1]


@dataclass(frozen=True, slots=True)
class Signing:
    """A confirmation that nobody has taken back, with the digest of the marks it was given for."""

    step: Step
    part: str
    account_id: int
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class BenchMarks:
    """The sheets of one bench: how many are open, their digest, whose they are, who leads it."""

    part: str
    title: str
    digest: str
    sheets: int
    open: int
    judges: frozenset[int]
    leader: int | None = None
    is_panel: bool = True


@dataclass(frozen=True, slots=True)
class Blocker:
    """What keeps a step open, the role it waits for, and who can do it."""

    step: Step
    text: Refused
    role: Role
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One link: a step of one bench, or of the event as a whole.

    `stale` is a confirmation that was given for other marks than those of now.
    """

    step: Step
    part: str
    title: str
    state: LinkState
    digest: str
    signing: Signing | None = None
    stale: Signing | None = None

    @property
    def done(self) -> bool:
        """Say whether the link holds."""
        return self.state is LinkState.DONE


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of an event as it stands."""

    steps: tuple[Step, ...]
    benches: tuple[BenchMarks, ...]
    links: tuple[Link, ...]

    @property
    def digest(self) -> str:
        """Return the digest of all marks that the last step sees."""
        return self.links[-1].digest

    def of(self, step: Step) -> tuple[Link, ...]:
        """Return the links of one step."""
        return tuple(link for link in self.links if link.step is step)

    def link(self, step: Step, part: str) -> Link:
        """Return one link, or raise KeyError."""
        return {(link.step, link.part): link for link in self.links}[step, part]

    def done(self, step: Step) -> bool:
        """Say whether a step and all before it hold."""
        upto = self.steps.index(step) if step in self.steps else -1
        return all(link.done for link in self.links if self.steps.index(link.step) <= upto)

    def next_step(self) -> Step | None:
        """Return the first step that does not hold; None when the chain is closed."""
        return next((step for step in self.steps if not self.done(step)), None)


def chain(
    day: DayRules,
    benches: Sequence[BenchMarks],
    digest: str,
    signings: Iterable[Signing],
    is_confirmed: bool,
) -> Chain:
    """Join steps, marks and confirmations; a change of marks voids every step that follows it.

    `digest` is that of all marks, `is_confirmed` says that the chief judge has closed the scoring.
    """
    steps = chain_of(day)
    found = {(one.step, one.part): one for one in signings}
    links: list[Link] = []
    for bench in benches:
        links.append(_judges(bench))
        if Step.GROUP in steps and bench.is_panel:
            links.append(_signed(Step.GROUP, bench, bench.digest, found, links[-1].done))
    whole = BenchMarks(WHOLE, "", digest, 0, 0, frozenset())
    before = bool(links) and all(link.done for link in links)
    for step in steps:
        if step in (Step.JUDGE, Step.GROUP):
            continue
        link = _signed(step, whole, digest, found, before)
        if step is Step.CHIEF and not day.signoff:
            # Without further steps the state of the event alone says that he has confirmed.
            link = _plain_chief(is_confirmed, before, digest)
        elif step is Step.CHIEF and link.done and not is_confirmed:
            link = _opened_again(link)
        links.append(link)
        before = link.done
    links.sort(key=lambda link: steps.index(link.step))
    return Chain(steps, tuple(benches), tuple(links))


def _judges(bench: BenchMarks) -> Link:
    done = bench.sheets > 0 and not bench.open
    state = LinkState.DONE if done else LinkState.CURRENT
    return Link(Step.JUDGE, bench.part, bench.title, state, bench.digest)


def _signed(
    step: Step,
    bench: BenchMarks,
    digest: str,
    found: Mapping[tuple[Step, str], Signing],
    before: bool,
) -> Link:
    signing = found.get((step, bench.part))
    fits = signing is not None and signing.digest == digest
    state = LinkState.CURRENT if before else LinkState.WAITING
    if before and fits:
        return Link(step, bench.part, bench.title, LinkState.DONE, digest, signing)
    return Link(step, bench.part, bench.title, state, digest, stale=signing)


def _plain_chief(is_confirmed: bool, before: bool, digest: str) -> Link:
    state = LinkState.CURRENT if before else LinkState.WAITING
    return Link(Step.CHIEF, WHOLE, "", LinkState.DONE if is_confirmed else state, digest)


def _opened_again(link: Link) -> Link:
    state = LinkState.CURRENT
    return Link(link.step, link.part, link.title, state, link.digest, stale=link.signing)


def holders_before(found: Chain, step: Step, part: str) -> frozenset[int]:
    """Return who holds the step before one: its signers, or the judges where none signs for them.

    The leader of a panel is one of its judges; only who has marked alone confirms his own work.
    """
    if step is Step.GROUP:
        judges = next(bench.judges for bench in found.benches if bench.part == part)
        return judges if len(judges) == 1 else frozenset()
    before = step_before(found.steps, step)
    signers = {link.signing.account_id for link in found.of(before) if link.signing is not None}
    if before not in (Step.JUDGE, Step.GROUP):
        return frozenset(signers)
    grouped = {link.part for link in found.of(Step.GROUP)}
    own = (bench.judges for bench in found.benches if bench.part not in grouped)
    return frozenset(signers).union(*own)


def step_problems(found: Chain, step: Step, part: str, account_id: int) -> Iterator[Refused]:
    """Yield why somebody cannot confirm a step or send it back now."""
    if step not in found.steps or step is Step.JUDGE:
        yield Refused(N_("This edition has no such step."))
        return
    link = next((one for one in found.of(step) if one.part == part), None)
    if link is None:
        yield Refused(N_("This edition has no such step."))
        return
    if link.done:
        yield Refused(N_("This step is confirmed already."))
    elif link.state is LinkState.WAITING:
        yield Refused(N_("The step before this one is not finished."))
    if account_id in holders_before(found, step, part):
        yield Refused(N_("Nobody confirms his own work: you hold the step before this one."))


CHANGED = N_("The marks have changed since this page was loaded. Look at them again.")


def check_step(found: Chain, step: Step, part: str, account_id: int, digest: str) -> Link:
    """Return the link that somebody may confirm for the marks he has seen, or refuse."""
    for problem in step_problems(found, step, part, account_id):
        raise problem
    link = found.link(step, part)
    if link.digest != digest:
        raise Refused(CHANGED)
    return link
