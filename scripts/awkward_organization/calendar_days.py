"""Days and months as the reports and the bill write them."""

import calendar
import datetime

FIRST_DAY = "2026-05-01"
# A Sunday on which the main account is active.
LAST_DAY = "2026-10-04"


def days(first: str, last: str = LAST_DAY) -> list[str]:
    """Every day from first to last."""
    start = datetime.date.fromisoformat(first)
    count = (datetime.date.fromisoformat(last) - start).days + 1
    return [str(start + datetime.timedelta(days=number)) for number in range(count)]


def weekdays(first: str, last: str = LAST_DAY) -> list[str]:
    """Monday to Friday from first to last."""
    return [day for day in days(first, last) if datetime.date.fromisoformat(day).weekday() < 5]


def months(first: str, last: str) -> list[str]:
    """Every month, such as 2026-05, from first to last."""
    return sorted({day[:7] for day in days(f"{first}-01", f"{last}-01")})


def first_weekdays(month: str, count: int) -> list[str]:
    """The first weekdays of a month, up to the last day."""
    last = min(f"{month}-{days_in(month)}", LAST_DAY)
    return weekdays(f"{month}-01", last)[:count]


def days_in(month: str) -> int:
    """The number of days in a month."""
    return calendar.monthrange(int(month[:4]), int(month[5:7]))[1]


def delivered_at(day: str, hour: int = 2, minute: int = 0) -> datetime.datetime:
    """A time, UTC, on the day after an activity day, when AWS writes its files."""
    next_day = datetime.date.fromisoformat(day) + datetime.timedelta(days=1)
    return datetime.datetime.combine(next_day, datetime.time(hour, minute), datetime.UTC)
