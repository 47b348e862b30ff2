"""Questions and answers in the reader's language: one sentence, the conditions, every value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from rules import figure_words as words
from rules.figure_tallies import Split, Value
from rules.figures import Asked, Part, Question, Source, Typed, shown_number
from rules.texts import N_

Say = Callable[[str], str]
Named = Callable[[Enum], str]
Skill = Callable[[int | None], str]
MOST_PARTS = 12  # so many values of a split stand in a sentence


@dataclass(frozen=True)
class Speaker:
    """How texts, coded values and skill levels are said in one language."""

    say: Say
    named: Named
    skill: Skill

    def fill(self, text: str, **values: object) -> str:
        """Say a text with its values."""
        return self.say(text) % values

    def day(self, day: date) -> str:
        """Say a day."""
        return self.fill(words.DAY, year=day.year, month=day.month, day=day.day)

    def value(self, source: Source, part: Part, value: Value) -> str:
        """Say a value of a part; what is not known is called so."""
        if value is None or value == "":
            return self.say(words.UNKNOWN)
        if isinstance(value, bool):
            return self.say(words.company_words(source)[0 if value else 1])
        if part is Part.AGE:
            low, _, high = str(value).partition("-")
            if low == "0":
                return self.fill(words.AGES_UNDER, high=high)
            text = words.AGES_OVER if int(high) >= 120 else words.AGES
            return self.fill(text, low=low, high=high)
        code = words.code_of(source, part, value)
        if code is None:
            return str(value)
        return self.skill(code.skill) if code.member is None else self.named(code.member)

    def conditions(self, question: Question) -> list[tuple[str, str]]:
        """List what a question asks for: register, what is counted, each condition."""
        found = [
            (self.say(N_("Register that is asked")), self.say(words.SOURCE_WORDS[question.source])),
            (self.say(N_("Counted")), self.say(words.COUNTED_WORDS[question.counted])),
        ]
        only = dict(question.only)
        if question.states:
            only[Part.STATE] = question.states
        for part, values in only.items():
            said = [self.value(question.source, part, one) for one in values]
            found.append((self.say(words.PART_WORDS[part]), self.say(words.BETWEEN).join(said)))
        if question.company is not None:
            said_company = self.value(question.source, Part.COMPANY, question.company)
            found.append((self.say(words.PART_WORDS[Part.COMPANY]), said_company))
        found += [
            (self.say(title), self._span(first, last))
            for title, first, last in words.spans(question)
        ]
        if question.as_of is not None:
            found.append((self.say(N_("As of")), self.day(question.as_of)))
        return found

    def _span(self, first: Any, last: Any) -> str:
        low, high = (self.day(one) if isinstance(one, date) else one for one in (first, last))
        if first is not None and first == last:
            return str(low)
        if first is not None and last is not None:
            return self.fill(words.YEARS, first=low, last=high)
        if first is not None:
            return self.fill(words.SINCE, first=low)
        return self.fill(words.UNTIL, last=high)

    def sentence(self, asked: Asked, number: Decimal, splits: Sequence[Split], day: date) -> str:
        """Say an answer in one sentence, with its first split as of-which numbers."""
        if isinstance(asked, Typed):
            parts = [self._part(one.title, one.number, asked.unit) for one in asked.parts]
        else:
            parts = self.parts(asked, splits[0]) if splits else []
        of_which = ""
        if parts:
            of_which = self.fill(words.OF_WHICH, parts=self.say(words.BETWEEN).join(parts))
        return self.fill(
            words.SENTENCE,
            day=self.day(day),
            title=asked.title,
            number=self.number(asked, number),
            unit=asked.unit,
            of_which=of_which,
        )

    def parts(self, question: Question, split: Split) -> list[str]:
        """Say the numbers of a split; of two sides the one that is asked for is enough."""
        part, values = split
        said = [
            self._part(self.value(question.source, part, value), number, question.unit)
            for value, number in values
            if part is not Part.COMPANY or value is True
        ]
        if part is Part.COMPANY and not said:
            none = self.value(question.source, part, True)
            said = [self._part(none, Decimal(0), question.unit)]
        return said[:MOST_PARTS]

    def _part(self, value: str, number: Decimal, unit: str) -> str:
        return self.fill(words.ONE_PART, value=value, number=shown_number(number), unit=unit)

    def number(self, asked: Asked, number: Decimal) -> str:
        """Say a number; a typed one with its bound."""
        if isinstance(asked, Typed):
            return self.fill(words.BOUND_WORDS[asked.bound], number=shown_number(number))
        return shown_number(number)

    def field(self, name: str) -> str:
        """Say the name of a field of a row."""
        return self.say(words.FIELD_WORDS.get(name, name))

    def field_value(self, source: Source, name: str, value: Any) -> str:
        """Say what a field of a row holds."""
        if name in {part.value for part in Part} and name != Part.AGE:
            return self.value(source, Part(name), value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return shown_number(value)
        return "" if value is None else str(value)
