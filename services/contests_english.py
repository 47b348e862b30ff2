"""What certificates call an edition, its events, divisions and awards in English."""

from collections.abc import Mapping

from models.contests import Contest
from rules.data import InvalidRules
from rules.english_names import english_title, title_in_english
from rules.refusals import Refused
from services.acting import Actor
from services.contests import check_version, locked_contest, plan_of, record_change
from services.transaction import transaction


def titles_of(contest: Contest) -> list[str]:
    """List what can have an English title: edition, events, divisions, awards without a usual one.

    The same division of several events stands here once.
    """
    divisions = [one.title for event in contest.events for one in event.divisions]
    tiers = [tier.name for event in contest.events for tier in plan_of(event).all_tiers]
    unusual = [name for name in tiers if not title_in_english(name, {})]
    titles = [contest.title, *(event.title for event in contest.events), *divisions, *unusual]
    return list(dict.fromkeys(titles))


@transaction
def edit_english(by: Actor, contest_id: int, version: int | None, typed: Mapping[str, str]) -> int:
    """Write down English titles; they are no rules, so they can be given after the results."""
    contest = locked_contest(contest_id)
    check_version(contest.version, version)
    kept, problems = {}, []
    for title in titles_of(contest):
        try:
            kept[title] = english_title(typed.get(title, ""), title)
        except Refused as problem:
            problems.append(problem)
    if problems:
        raise InvalidRules(problems)
    before = {"titles_english": contest.titles_english}
    contest.titles_english = {title: text for title, text in kept.items() if text}
    after = {"titles_english": contest.titles_english}
    record_change(by, "edit_english", contest, before, after)
    return contest_id
