"""Ages in full years on a day."""

from datetime import date


def age_on(birth_date: date, day: date) -> int:
    """Return the age in full years; who was born on 29 February is a year older on 1 March."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday
