"""Judges who all mark at once on a network that fails: the same scripts in many light sessions.

Run as a program it plays the long form: 1,000 sessions, 100,000 marks.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.fault_proxy import FAULTS
from tests.browser.marking_hall import LINES, Hall, Judge, open_hall
from tests.browser.site import launch

Typed = dict[tuple[int, str], str]

# Every line is marked once, every fourth a second time; the last value is what must be stored.
_TYPE = """({ account, sheets, aspects, seed }) => {
  let state = seed;
  const random = () => { state = (state * 48271) % 2147483647; return state / 2147483647; };
  const run = async () => {
    const { Store } = await import("/static/queue_store.js");
    const { Queue } = await import("/static/queue.js");
    const addresses = { sync: "/sheets/sync", key: "/sheets/key" };
    const queue = new Queue(await Store.open(), account, addresses, "");
    await queue.start();
    window.marking = queue;
    const lines = sheets.flatMap((sheet) => aspects.map((aspect) => [sheet, aspect]));
    const twice = lines.filter((_line, place) => place % 4 === 0);
    const typed = {};
    for (const [sheet, aspect] of [...lines, ...twice]) {
      const value = String(Math.floor(random() * 9) / 2);
      typed[sheet + " " + aspect] = value;
      await queue.note(sheet, aspect, value, 0);
      if (random() < 0.2) { await new Promise((done) => setTimeout(done, random() * 40)); }
    }
    return typed;
  };
  window.typed = run();
}"""
# Nobody waits half a minute for the next try here.
_HURRY = """() => {
  if (!window.marking) { return -1; }
  window.marking.hurry();
  return window.marking.items.length;
}"""


@dataclass(frozen=True)
class Plan:
    """How many sessions with how many lines each, and how many sessions are open at once."""

    sessions: int
    lines: int
    seed: int
    at_once: int = 25
    share: float = 0.35


def play(
    browser: Browser, hall: Hall, plan: Plan, say: Callable[[str], None] = lambda _line: None
) -> Typed:
    """Let the judges mark, a crowd at a time; return what each line must hold in the end."""
    hall.proxy.share = plan.share
    typed: Typed = {}
    for crowd in _crowds(hall.judges[: plan.sessions], plan.at_once):
        typed |= _play_crowd(browser, hall, crowd, plan)
        say(f"{len(typed):>7} marks, {sum(hall.proxy.done.values()):>7} requests")
    return typed


def _crowds(judges: list[Judge], size: int) -> Iterator[list[Judge]]:
    for start in range(0, len(judges), size):
        yield judges[start : start + size]


def _play_crowd(browser: Browser, hall: Hall, crowd: list[Judge], plan: Plan) -> Typed:
    contexts = [hall.enter(browser, judge) for judge in crowd]
    aspects = [f"A{number}" for number in range(1, LINES + 1)]
    pages: list[Page] = []
    for judge, context in zip(crowd, contexts, strict=True):
        page = context.new_page()
        page.goto("/sheets/key")  # the lightest page that there is
        sheets = list(judge.sheets[: plan.lines // LINES])
        seed = plan.seed * 1000 + judge.account_id
        told = {"account": judge.account_id, "sheets": sheets, "aspects": aspects, "seed": seed}
        page.evaluate(_TYPE, told)
        pages.append(page)
    typed: Typed = {}
    for page in pages:
        for name, value in page.evaluate("() => window.typed").items():
            sheet, _, aspect = name.partition(" ")
            typed[int(sheet), aspect] = value
    _wait_until_sent(pages)
    for context in contexts:
        context.close()
    return typed


def _wait_until_sent(pages: list[Page]) -> None:
    waiting = pages
    while waiting:
        waiting = [page for page in waiting if page.evaluate(_HURRY) != 0]
        if waiting:
            waiting[0].wait_for_timeout(50)


def losses(hall: Hall, typed: Typed) -> dict[str, int]:
    """Count what is lost, doubled or out of order in the database."""
    stored = hall.stored()
    taken = hall.taken()
    last: dict[tuple[str, int, str], int] = {}
    disorder = 0
    for device, sheet_id, aspect, sequence, outcome in taken:
        if outcome == "passed":
            continue
        line = (device, sheet_id, aspect)
        disorder += sequence <= last.get(line, -1)
        last[line] = sequence
    numbers = Counter((device, sequence) for device, _sheet, _aspect, sequence, _ in taken)
    return {
        "lost": sum(stored.get(line) != value for line, value in typed.items()),
        "doubled": sum(count - 1 for count in numbers.values()),
        "out of order": disorder,
    }


def main(sessions: int, lines: int, seed: int) -> int:
    """Play the long form; return 1 if anything was lost, doubled or out of order."""
    began = time.monotonic()
    plan = Plan(sessions, lines, seed)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        with open_hall(Path(folder), sessions, lines // LINES, seed) as hall:
            typed = play(browser, hall, plan, lambda line: print(line, flush=True))
            found = losses(hall, typed)
            done = hall.proxy.done
        browser.close()
    print(f"\n{'sessions':<16}{sessions:>8}\n{'marks':<16}{len(typed):>8}")
    for name in FAULTS:
        print(f"{name:<16}{done[name]:>8}")
    for name, count in found.items():
        print(f"{name:<16}{count:>8}")
    print(f"{'minutes':<16}{(time.monotonic() - began) / 60:>8.1f}")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:4])))
