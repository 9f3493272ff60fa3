"""Days and months in the format of the reports and the bill."""

import calendar
import datetime

FIRST_DAY = "2026-05-01"
# A Sunday with activity in the main account.
LAST_DAY = "2026-10-04"


def days(first: str, last: str = LAST_DAY) -> list[str]:
    """Return every day from `first` to `last`."""
    start = datetime.date.fromisoformat(first)
    count = (datetime.date.fromisoformat(last) - start).days + 1
    return [str(start + datetime.timedelta(days=number)) for number in range(count)]


def weekdays(first: str, last: str = LAST_DAY) -> list[str]:
    """Return the weekdays (Monday to Friday) from `first` to `last`."""
    return [day for day in days(first, last) if datetime.date.fromisoformat(day).weekday() < 5]


def months(first: str, last: str) -> list[str]:
    """Return every month from `first` to `last`, in the format 2026-05."""
    return sorted({day[:7] for day in days(f"{first}-01", f"{last}-01")})


def first_weekdays(month: str, count: int) -> list[str]:
    """Return the first weekdays of a month, but none after LAST_DAY."""
    last = min(f"{month}-{days_in(month)}", LAST_DAY)
    return weekdays(f"{month}-01", last)[:count]


def days_in(month: str) -> int:
    """Return the number of days in a month."""
    return calendar.monthrange(int(month[:4]), int(month[5:7]))[1]


def delivered_at(day: str, hour: int = 2, minute: int = 0) -> datetime.datetime:
    """Return a UTC time on the day after an activity day, when AWS writes that day's files."""
    next_day = datetime.date.fromisoformat(day) + datetime.timedelta(days=1)
    return datetime.datetime.combine(next_day, datetime.time(hour, minute), datetime.UTC)
