"""Computes who has which seat in plain Python, for comparison with the models.

This is a second implementation of the seat tables, based on their descriptions, with a function
per rule. `independent_files` reads the files.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from independent_files import OVERAGE_RATE_USD, PLANS, Day, Line, Listed, Organization, Row

Seat = tuple[str, str, str]  # Account, profile, user.

NOT_REPORTED = "(not reported)"
UNKNOWN = "(unknown)"


def month_of(day: Day) -> str:
    return day.isoformat()[:7]


def last_day(month: str) -> Day:
    return (first_day(month) + datetime.timedelta(31)).replace(day=1) - datetime.timedelta(1)


def first_day(month: str) -> Day:
    return Day.fromisoformat(month + "-01")


def next_month(month: str) -> str:
    return month_of(last_day(month) + datetime.timedelta(1))


def months_between(first: str, last: str) -> list[str]:
    found = []
    while first <= last:
        found.append(first)
        first = next_month(first)
    return found


def highest_priced(tiers: Iterable[str | None]) -> str | None:
    """The highest of several plans; a plan without a price is used only if there is no other."""
    known = [tier for tier in tiers if tier]
    return max(known, key=lambda tier: PLANS.get(tier, (-1,))[0], default=None)


def known_sum(values: Iterable[float | None]) -> float | None:
    """The sum of the known values, if there are any."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def cost(tier: str, seats: list[Seat]) -> int | None:
    """The monthly cost of seats on a plan."""
    return PLANS[tier][0] * len(seats) if tier in PLANS else None


class SeatTables:
    """The seat tables as of a day."""

    def __init__(self, organization: Organization, as_of: Day):
        self.files = organization.known_on(as_of)
        self.as_of = as_of
        self.month = month_of(as_of)

    # What is reported ---------------------------------------------------------------------------

    @cached_property
    def profiles(self) -> dict[tuple[str, str], set[str]]:
        """The profiles that reports contain for each person in an account."""
        found = defaultdict(set)
        for row in self.files.rows:
            if row.profile:
                found[row.account, row.user].add(row.profile)
        return found

    def seat_of(self, row: Row) -> Seat:
        """A row's seat: a row without a profile belongs to the person's only known profile."""
        known = self.profiles[row.account, row.user]
        only = next(iter(known)) if len(known) == 1 else UNKNOWN
        return (row.account, row.profile or only, row.user)

    @cached_property
    def reported(self) -> dict[Seat, list[Row]]:
        """The rows of each seat, ordered by day."""
        found = defaultdict(list)
        for row in sorted(self.files.rows, key=lambda row: row.day):
            found[self.seat_of(row)].append(row)
        return found

    @cached_property
    def first_reports(self) -> dict[str, Day]:
        """The day on which each account's reports begin."""
        found = {}
        for account, _, day in self.files.files:
            found[account] = min(day, found.get(account, day))
        return found

    def rows_in(self, seat: Seat, month: str) -> list[Row]:
        return [row for row in self.reported.get(seat, ()) if month_of(row.day) == month]

    def active_days(self, seat: Seat, until: Day) -> list[Day]:
        return [
            row.day for row in self.reported.get(seat, ()) if row.is_active and row.day <= until
        ]

    # What is billed -----------------------------------------------------------------------------

    @cached_property
    def payers(self) -> dict[str, str]:
        return {line.account: line.payer for line in self.files.lines}

    @cached_property
    def billed(self) -> dict[tuple[str, str], dict[str, list[Line]]]:
        """The fees for each account and month, by user."""
        found = defaultdict(lambda: defaultdict(list))
        for line in self.files.lines:
            if line.plan:
                found[line.account, line.month][line.user].append(line)
        return dict(found)

    def plans_billed(self, account: str, month: str) -> dict[str, list[str]]:
        """The plans of each user in an account on a month's bill, one per seat."""
        return {
            user: self.plans_of_lines(account, user, month, lines)
            for user, lines in self.billed.get((account, month), {}).items()
        }

    def plans_of_lines(self, account: str, user: str, month: str, lines: list[Line]) -> list[str]:
        """Two fees for one plan on one day are two seats; consecutive plans are one seat."""
        on_days = defaultdict(int)
        for line in lines:
            on_days[line.plan, line.day] += 1
        plans = {line.plan for line in lines}
        counts = {
            plan: max(count for (other, _), count in on_days.items() if other == plan)
            for plan in plans
        }
        is_change = (
            len(plans) > 1
            and sum(line.share for line in lines) <= 1.001
            and not self.is_in_two_profiles(account, user, month, plans)
        )
        if is_change:
            return [highest_priced(plans)]
        return [plan for plan in sorted(plans) for _ in range(counts[plan])]

    def is_in_two_profiles(self, account: str, user: str, month: str, plans: set[str]) -> bool:
        """Whether two profiles report different plans in a month, among these plans."""
        naming = defaultdict(set)
        for row in self.files.rows:
            is_here = (row.account, row.user, month_of(row.day)) == (account, user, month)
            if is_here and row.profile and row.tier in plans:
                naming[row.profile].add(row.tier)
        return len(naming) > 1 and len(set().union(*naming.values())) > 1

    @cached_property
    def complete_months(self) -> dict[str, list[str]]:
        """The months for which each payer's bill is complete, in order."""
        found = {}
        for payer in set(self.payers.values()):
            months = sorted({line.month for line in self.files.lines if line.payer == payer})
            complete = months[:-1]
            if complete and self.share_named(payer, complete[-1], months[-1]) >= 0.95:
                complete = months
            cut = {
                line.month
                for line in self.files.lines
                if line.payer == payer and line.is_of_cut_month
            }
            found[payer] = [month for month in complete if month not in cut]
        return found

    def share_named(self, payer: str, before: str, month: str) -> float:
        """The share of a month's billed seats that are also on a later month's bill."""
        seats = named = 0
        for account in [account for account, other in self.payers.items() if other == payer]:
            now = self.plans_billed(account, month)
            for user, plans in self.plans_billed(account, before).items():
                seats += len(plans)
                named += min(len(plans), len(now.get(user, ())))
        return named / seats if seats else 0

    def last_word(self, account: str, month: str) -> str | None:
        """The most recent month, up to this one, with a complete bill for the account's seats."""
        complete = self.complete_months.get(self.payers.get(account), [])
        with_word = [
            other for other in complete if other <= month and (account, other) in self.billed
        ]
        return max(with_word, default=None)

    def plans_held(self, account: str, month: str) -> dict[str, list[str]]:
        """Plans per person on this bill and earlier bills, back to the last complete bill."""
        word = self.last_word(account, month)
        held = {}
        for other in months_between(word or self.months[0], month):
            held |= self.plans_billed(account, other)
        return held

    def billed_seats(self, account: str, month: str) -> dict[Seat, str]:
        """An account's plans according to the bill, each in one of the user's profiles."""
        return self.all_billed_seats.get((account, month), {})

    @cached_property
    def all_billed_seats(self) -> dict[tuple[str, str], dict[Seat, str]]:
        return {
            (account, month): self.placed(account, month)
            for account in self.payers
            for month in self.months
        }

    def placed(self, account: str, month: str) -> dict[Seat, str]:
        return {
            (account, profile, user): plan
            for user, plans in self.plans_held(account, month).items()
            for profile, plan in self.in_profiles(account, user, plans, last_day(month))
        }

    def in_profiles(self, account: str, user: str, plans: list[str], until: Day):
        """Assign each plan to the profile that reported it last, and two seats on one plan to the
        two most recently used profiles."""
        free = self.profiles[account, user].copy()
        for plan in plans:
            ranked = sorted(
                free, key=lambda profile: self.rank((account, profile, user), plan, until)
            )
            profile = ranked[-1] if ranked else NOT_REPORTED
            free.discard(profile)
            yield profile, plan

    def rank(self, seat: Seat, plan: str | None, until: Day) -> tuple:
        """A sort key: the seat's last day with the plan, its last day, and how early it starts."""
        rows = [row for row in self.reported.get(seat, ()) if row.day <= until]
        naming = [row.day for row in rows if row.tier == plan]
        days = [row.day for row in rows]
        first = min(row.day for row in self.reported[seat])
        return (
            max(naming, default=Day.min),
            max(days, default=Day.min),
            -first.toordinal(),
            seat,
        )

    # What is listed -----------------------------------------------------------------------------

    @cached_property
    def listed_seats(self) -> dict[Seat, Listed]:
        """The rows of each account's newest roster, each in one of the user's known profiles."""
        newest = {}
        for row in self.files.listed:
            newest[row.account] = max(row.listed_on, newest.get(row.account, row.listed_on))
        people = defaultdict(list)
        for row in self.files.listed:
            if row.listed_on == newest[row.account]:
                people[row.account, row.user].append(row)
        found = {}
        for (account, user), rows in people.items():
            rows = rows[: max(1, len(self.profiles[account, user]))]
            places = self.in_profiles(account, user, [row.tier for row in rows], self.as_of)
            for row, (profile, _) in zip(rows, places, strict=True):
                found[account, profile, user] = row
        return found

    def is_off_the_roster(self, seat: Seat) -> bool:
        """Whether the roster lists the seat as canceled and nothing shows later use.

        Use outside reports belongs to the seat only if it is the person's only seat in the account.
        """
        listed = self.listed_seats.get(seat)
        if not listed or listed.status not in ("canceled", "cancelled"):
            return False
        account, _, user = seat
        used = [row.day for row in self.reported.get(seat, ())]
        if len([other for other in self.seats if (other[0], other[2]) == (account, user)]) == 1:
            used += [day for *who, day in self.files.other_evidence if who == [account, user]]
        return not any(day > listed.listed_on for day in used)

    # Seats --------------------------------------------------------------------------------------

    @cached_property
    def accounts(self) -> set[str]:
        return (
            set(self.payers)
            | {row.account for row in self.files.rows}
            | {row.account for row in self.files.listed}
        )

    @cached_property
    def months(self) -> list[str]:
        """All months from the first report or bill up to this month."""
        days = [row.day for row in self.files.rows] + [line.day for line in self.files.lines]
        return months_between(month_of(min(days)), self.month)

    @cached_property
    def billed_months(self) -> dict[Seat, list[str]]:
        """The months in which each seat is on the bill."""
        found = defaultdict(list)
        for account in self.payers:
            for month in self.months:
                for seat in self.billed_seats(account, month):
                    found[seat].append(month)
        return found

    @cached_property
    def seats(self) -> set[Seat]:
        """Every known seat; a seat without a known profile is included only in its month."""
        reported = {
            seat for seat in self.reported if seat[1] != UNKNOWN or self.rows_in(seat, self.month)
        }
        return reported | set(self.billed_months) | set(self.listed_seats)

    def is_billed(self, seat: Seat) -> bool | None:
        """Whether this month's or last month's bill has the seat; None if the next bill decides."""
        account = seat[0]
        months = [month for other, month in self.billed if other == account]
        if not months or next_month(max(months)) < self.month:
            return None
        if seat in self.billed_seats(account, self.month):
            return True
        return None if self.newly_reported(seat, self.month) else False

    def newly_reported(self, seat: Seat, month: str) -> bool:
        """Whether the seat was reported since the last bill, for the first time or again."""
        word = self.last_word(seat[0], month)
        months = [month_of(row.day) for row in self.reported.get(seat, ())]
        later = [other for other in months if (word or "") < other <= month]
        if seat[1] == UNKNOWN:
            return month in months and not self.payers.get(seat[0])
        is_first = word is None or not any(other <= word for other in months)
        was_billed = any(other <= (word or "") for other in self.billed_months.get(seat, ()))
        return bool(later) and (is_first or was_billed)

    def seats_of(self, account: str, month: str) -> set[Seat]:
        """Seats paid for in a month, according to the account's best source."""
        if self.last_word(account, month) == month:
            return set(self.billed_seats(account, month))
        found = set(self.billed_seats(account, month))
        found |= {seat for seat in self.reported if seat[0] == account}
        found = {
            seat
            for seat in found
            if seat in self.billed_seats(account, month) or self.newly_reported(seat, month)
        }
        if account not in self.payers:
            found |= {seat for seat in self.listed_seats if seat[0] == account}
            found = {seat for seat in found if self.is_listed_in(seat, month)}
        return found

    def is_listed_in(self, seat: Seat, month: str) -> bool:
        """Whether a seat in an account without a bill had started by a month and had not ended."""
        listed = self.listed_seats.get(seat)
        begins = [month_of(row.day) for row in self.reported.get(seat, ())]
        if listed and listed.status != "pending":
            is_known = listed.activated and listed.activated <= self.as_of
            begins.append(month_of(listed.activated if is_known else listed.listed_on))
        if not begins or min(begins) > month:
            return False
        is_over = not self.reported.get(seat) or month > month_of(self.reported[seat][-1].day)
        return not (self.is_off_the_roster(seat) and is_over)

    def is_cancelled(self, seat: Seat) -> bool:
        """Whether the bill (or, without a bill, the roster) no longer has the seat."""
        if seat[0] not in self.payers:
            return self.is_off_the_roster(seat)
        if not self.billed_months.get(seat) or seat in self.seats_of(seat[0], self.month):
            return False
        word = self.last_word(seat[0], self.month)
        return not self.rows_in(seat, word)

    def is_pending(self, seat: Seat) -> bool:
        """Whether the seat is on a list, but in no report, not billed, and not paid."""
        listed = self.listed_seats.get(seat)
        if not listed or self.reported.get(seat) or self.billed_months.get(seat):
            return False
        return listed.status == "pending" or seat[0] in self.payers

    def tier(self, seat: Seat) -> str | None:
        """The plan in this month's last report or, if unknown, the last bill, roster or report."""
        rows = self.reported.get(seat, [])
        this_month = self.rows_in(seat, self.month)
        if this_month and this_month[-1].tier:
            return this_month[-1].tier
        if months := self.billed_months.get(seat):
            return self.billed_seats(seat[0], months[-1])[seat]
        if seat in self.listed_seats:
            return self.listed_seats[seat].tier
        return next((row.tier for row in reversed(rows) if row.tier), None)

    # Dates --------------------------------------------------------------------------------------

    def activated(self, seat: Seat) -> Day | None:
        """The date on the roster or, if unknown, of a report's flag, first charge or first report.

        A flag after the roster's date belongs to another subscription. The date is unknown if it is
        at the start of history or in the future.
        """
        rows = self.reported.get(seat, [])
        listed = self.listed_seats.get(seat)
        flagged = max((row.day for row in rows if row.is_new), default=None)
        if flagged and not (listed and listed.activated and flagged <= listed.listed_on):
            return flagged
        if listed and listed.activated and listed.activated <= self.as_of:
            return listed.activated
        if self.billed_months.get(seat):
            return self.first_charge(seat)
        if rows and (rows[0].day - self.first_reports[seat[0]]).days >= 28:
            return rows[0].day
        return None

    def first_charge(self, seat: Seat) -> Day | None:
        """The first charge after the last gap; None in the payer's first month."""
        account, _, user = seat
        payer = self.payers[account]
        months = self.billed_months[seat]
        gaps = [
            month
            for month in self.complete_months[payer]
            if (account, month) in self.billed and month not in months and month < months[-1]
        ]
        begun = min(month for month in months if month > max(gaps, default=""))
        if begun == min(line.month for line in self.files.lines if line.payer == payer):
            return None
        return min(line.day for line in self.billed[account, begun][user])

    def last_active(self, seat: Seat, until: Day | None = None) -> Day | None:
        return max(self.active_days(seat, until or self.as_of), default=None)

    @cached_property
    def evidence(self) -> dict[str, Day]:
        """The last day of each person's use, according to any source."""
        found = {}
        used = [(row.account, row.user, row.day) for row in self.files.rows if row.is_active]
        for _, user, day in used + self.files.other_evidence:
            found[user] = max(day, found.get(user, day))
        return found

    def is_recent(self, day: Day | None) -> bool:
        return day is not None and (self.as_of - day).days < 30

    # Deliveries ---------------------------------------------------------------------------------

    def coverage(self, account: str, days: int = 30) -> float | None:
        """The share of the last days that can prove that a seat was not used."""
        if account not in self.first_reports:
            return None
        window = self.last_days(account, days)
        return sum(kind in ("delivered", "assumed", "weekend") for kind in window) / days

    def assumed_days(self, account: str) -> int | None:
        """The number of the last thirty days that are only assumed to be quiet."""
        if account not in self.first_reports:
            return None
        return self.last_days(account, 30).count("assumed")

    def last_days(self, account: str, days: int) -> list[str | None]:
        kinds = self.days[account]
        return [kinds.get(self.as_of - datetime.timedelta(before)) for before in range(days)]

    def is_delivered_in(self, account: str, month: str) -> bool:
        """Whether a month has a report or a day on which nobody worked."""
        if account not in self.first_reports:
            return False
        kinds = self.days[account].items()
        return any(kind != "unknown" and month_of(day) == month for day, kind in kinds)

    @cached_property
    def days(self) -> dict[str, dict[Day, str]]:
        return {account: self.days_of(account) for account in self.first_reports}

    def days_of(self, account: str) -> dict[Day, str]:
        """The status of each of an account's days, starting with its first report."""
        whole = defaultdict(list)
        for (other, _, day), (_, is_whole) in self.files.files.items():
            if other == account:
                whole[day].append(is_whole)
        found, gap, day = {}, [], self.first_reports[account]
        while day <= self.as_of:
            if day in whole:
                found |= self.gap(account, gap, is_closed=True)
                gap = []
                found[day] = "delivered" if all(whole[day]) else "lost"
            else:
                gap.append(day)
            day += datetime.timedelta(1)
        return found | self.gap(account, gap, is_closed=False)

    def gap(self, account: str, gap: list[Day], *, is_closed: bool) -> dict[Day, str]:
        """The status of consecutive days without a file.

        In a small account, up to five weekdays may have been quiet. A weekend at the start of the
        gap is quiet.
        """
        weekdays = [day for day in gap if day.weekday() < 5]
        if is_closed and weekdays and len(weekdays) <= 5 and not self.is_expected(account, gap):
            return {day: "assumed" if day in weekdays else "weekend" for day in gap}
        return {
            day: "weekend" if day.weekday() >= 5 and (day - gap[0]).days < 3 else "unknown"
            for day in gap
        }

    def is_expected(self, account: str, gap: list[Day]) -> bool:
        """Whether the last twenty weekdays with a file had at least five rows on average."""
        before = [
            count
            for (other, _, day), (count, _) in sorted(
                self.files.files.items(), key=lambda item: item[0][2]
            )
            if other == account and day < gap[0] and day.weekday() < 5
        ][-20:]
        return bool(before) and sum(before) / len(before) >= 5

    # States -------------------------------------------------------------------------------------

    def allowance(self, seat: Seat, month: str) -> float | None:
        """The seat's highest allowance in a month: the reported limit, or else the plan's."""
        rows = self.rows_in(seat, month)
        limits = [row.limit or PLANS.get(row.tier, (0, None))[1] for row in rows]
        if known := [limit for limit in limits if limit is not None]:
            return max(known)
        return PLANS.get(self.tier_in(seat, month), (0, None))[1]

    def is_blocked(self, seat: Seat, until: Day) -> bool:
        """Whether the allowance is used up, with no credits on two or more later delivered days."""
        rows = [row for row in self.rows_in(seat, month_of(until)) if row.day <= until]
        used = [row.day for row in rows if row.credits]
        allowance = self.allowance(seat, month_of(until))
        if not used or not allowance or rows[-1].overage_enabled:
            return False
        delivered = {day for account, _, day in self.files.files if account == seat[0]}
        later = [day for day in delivered if used[-1] < day <= until]
        return sum(row.credits or 0 for row in rows) >= 0.99 * allowance and len(later) >= 2

    def is_new(self, seat: Seat, on: Day) -> bool:
        """Whether the seat was activated at most 14 days ago, or is unused and starts later."""
        activated = self.activated(seat)
        if activated is None or (on - activated).days > 14:
            return False
        return activated <= on or self.last_active(seat, on) is None

    def state(self, seat: Seat) -> str:
        if self.is_pending(seat):
            return "pending"
        if self.is_cancelled(seat):
            return "cancelled"
        return self.state_on(seat, self.as_of)

    def state_on(self, seat: Seat, on: Day) -> str:
        """The state of a seat that is neither pending nor canceled."""
        if self.is_blocked(seat, on):
            return "blocked"
        if self.is_new(seat, on):
            return "new"
        last = self.last_active(seat, on)
        if last is None:
            return "never_used" if self.is_never_used(seat, on) else "unknown_history"
        silent = (on - last).days
        bounds = ((7, "active"), (14, "slipping"), (29, "idle"), (89, "dormant"))
        return next((state for days, state in bounds if silent <= days), "stale")

    def is_never_used(self, seat: Seat, on: Day) -> bool:
        """Whether the seat was activated within the reports, and no other source shows use."""
        activated, first = self.activated(seat), self.first_reports.get(seat[0])
        if not activated or not first or not first <= activated <= on:
            return False
        return not any(
            (account, user) == (seat[0], seat[2]) and day <= on
            for account, user, day in self.files.other_evidence
        )

    # Duplicates ---------------------------------------------------------------------------------

    def is_unpaid(self, seat: Seat) -> bool:
        """Whether a seat is free, canceled or not on a complete bill, so nothing can be saved."""
        is_off = seat not in self.seats_of(seat[0], self.month)
        return is_off or self.is_billed(seat) is False or self.price(seat) == 0

    def is_paid(self, seat: Seat) -> bool:
        """Whether the seat is on the bill or, if that is unknown, active on the roster."""
        billed = self.is_billed(seat)
        if billed is not None:
            return billed
        listed = self.listed_seats.get(seat)
        return listed is not None and listed.status == "active" and not self.is_off_the_roster(seat)

    def price(self, seat: Seat) -> int | None:
        return PLANS.get(self.tier(seat), (None,))[0]

    def holds_a_seat(self, seat: Seat) -> bool:
        """Whether the seat is billed or, if the person is not on the bill, reported this month."""
        account, profile, user = seat
        if profile == UNKNOWN or self.is_billed(seat) is False:
            return False
        if self.is_billed(seat):
            return True
        is_person_billed = any(
            self.is_billed(other) for other in self.seats if (other[0], other[2]) == (account, user)
        )
        return bool(self.rows_in(seat, self.month)) and not is_person_billed

    @cached_property
    def duplicates(self) -> set[Seat]:
        """All of a person's seats except the seat to keep, which was used last or costs the most.

        A person who moves to another profile has two seats only if a source lists both as paid.
        """
        held = defaultdict(list)
        for seat in sorted(self.seats):
            if self.holds_a_seat(seat):
                held[seat[2]].append(seat)
        surplus = set()
        for seats in held.values():
            kept = max(
                seats, key=lambda seat: (self.last_active(seat) or Day.min, self.price(seat) or 0)
            )
            begun = min(self.active_days(kept, self.as_of), default=Day.max)
            surplus |= {
                seat
                for seat in seats
                if seat != kept
                and (self.is_billed(seat) or (self.last_active(seat) or Day.min) >= begun)
            }
        return surplus

    # Advice -------------------------------------------------------------------------------------

    def without_report(self, seat: Seat) -> Day | None:
        """The person's last day of use in the account outside reports with a profile."""
        account, _, user = seat
        days = [day for *who, day in self.files.other_evidence if who == [account, user]]
        days += [row.day for row in self.reported.get((account, UNKNOWN, user), ())]
        return max(days, default=None)

    def works_without_a_seat(self, seat: Seat) -> bool:
        """Whether the person works in another account or profile without a known seat there."""
        used = [
            other
            for other in self.reported
            if other[2] == seat[2] and other != seat and self.is_recent(self.last_active(other))
        ]
        accounts = {
            account
            for account, user, day in self.files.other_evidence
            if user == seat[2] and account != seat[0] and self.is_recent(day)
        }
        seated = {other[0] for other in self.seats if other[2] == seat[2] and self.is_seated(other)}
        return not all(map(self.is_seated, used)) or not accounts <= seated

    def is_seated(self, seat: Seat) -> bool:
        """Whether the seat is billed, listed, or (if the bill is unknown) reported with a plan."""
        return not self.is_unpaid(seat) and self.tier(seat) is not None

    def is_reclaimable(self, seat: Seat) -> bool:
        """Whether the seat has long been unused, with enough files and no contrary source."""
        return (
            self.state(seat) in ("dormant", "stale", "never_used")
            and not self.is_unpaid(seat)
            and (self.coverage(seat[0]) or 0) >= 0.95
            and not self.is_recent(self.without_report(seat))
            and not self.works_without_a_seat(seat)
        )

    def suspicion(self, seat: Seat) -> str | None:
        """The reason to investigate a seat's use, if any."""
        state = self.state(seat)
        is_silent = state in ("dormant", "stale", "never_used", "unknown_history")
        is_silent = is_silent and self.is_paid(seat)
        if is_silent and self.works_without_a_seat(seat):
            return "used elsewhere"
        if seat in self.duplicates:
            return "second seat"
        if self.has_other_credits(seat):
            return "other credits"
        if is_silent and self.is_recent(self.without_report(seat)):
            return "used without a report"
        if is_silent and state == "unknown_history":
            return "never seen" if seat[0] in self.first_reports else "no reports"
        return None

    def has_other_credits(self, seat: Seat) -> bool:
        """Whether use is well beyond this month's allowance although overage is off."""
        rows = self.rows_in(seat, self.month)
        allowance = self.allowance(seat, self.month)
        used = sum(row.credits or 0 for row in rows)
        return bool(rows and allowance) and not rows[-1].overage_enabled and used > 1.1 * allowance

    def is_certain(self, seat: Seat) -> bool:
        """Whether all four sources confirm that the seat has long been unused."""
        account, _, user = seat
        last = self.last_active(seat)
        is_long = last is None or (self.as_of - last).days >= 90
        if not is_long or self.is_recent(self.evidence.get(user)):
            return False
        listed = self.listed_seats.get(seat)
        return (
            (self.coverage(account) or 0) >= 0.95
            and not self.assumed_days(account)
            and self.is_billed(seat) is True
            and listed is not None
            and listed.status == "active"
            and self.is_recent(listed.listed_on)
            and any(
                other == account and self.is_recent(day) for other, day in self.files.legacy_days
            )
        )

    # Tables -------------------------------------------------------------------------------------

    def license_utilization(self) -> dict[Seat, dict]:
        found = {}
        for seat in self.seats:
            found[seat] = {
                "is_billed": self.is_billed(seat),
                "subscription_tier": self.tier(seat),
                "seat_state": self.state(seat),
                "activated_date": self.activated(seat),
                "last_active_date": self.last_active(seat),
                "last_evidence_date": self.evidence.get(seat[2]),
                "is_duplicate_seat": seat in self.duplicates,
                "duplicate_waste_usd": self.price(seat) if seat in self.duplicates else None,
                "is_reclaimable": self.is_reclaimable(seat),
                "coverage_30": self.coverage(seat[0]),
                "assumed_quiet_days_30": self.assumed_days(seat[0]),
            }
        return found

    def recommended_actions(self) -> dict[Seat, dict]:
        """Advice to reclaim or investigate unused and surplus seats, with the savings."""
        found = {}
        for seat in self.seats:
            is_reclaimable = self.is_reclaimable(seat)
            if is_reclaimable or self.suspicion(seat):
                found[seat] = {
                    "action": "reclaim" if is_reclaimable else "investigate",
                    "is_certain": self.is_certain(seat),
                    "monthly_savings_usd": self.price(seat) if is_reclaimable else None,
                }
        return found

    def tier_in(self, seat: Seat, month: str) -> str | None:
        """The highest plan in a month, or the last known plan before it."""
        tiers = [row.tier for row in self.rows_in(seat, month)]
        tiers.append(self.billed_seats(seat[0], month).get(seat))
        if any(tiers):
            return highest_priced(tiers)
        before = [row.tier for row in self.reported.get(seat, ()) if month_of(row.day) < month]
        listed = self.listed_seats.get(seat)
        return next((tier for tier in reversed(before) if tier), listed and listed.tier)

    def license_utilization_monthly(self) -> dict[tuple, dict]:
        """Seats with their use, allowance and cost, by month, account and plan."""
        return {
            (first_day(month), account, tier): {
                "seats": len(seats),
                "active_seats": self.active_seats(account, month, seats),
                "credits_allowance": known_sum(self.allowance(seat, month) for seat in seats),
                "subscription_cost_usd": cost(tier, seats),
                "overage_cost_usd": known_sum(self.overage_cost(seat, month) for seat in seats),
            }
            for (month, account, tier), seats in self.seats_by_plan.items()
        }

    @cached_property
    def seats_by_plan(self) -> dict[tuple[str, str, str], list[Seat]]:
        """Seats by month, account and plan."""
        found = defaultdict(list)
        for month in self.months:
            for account in self.accounts:
                for seat in self.seats_of(account, month):
                    found[month, account, self.tier_in(seat, month) or UNKNOWN].append(seat)
        return found

    def active_seats(self, account: str, month: str, seats: list[Seat]) -> int | None:
        """Seats used in the thirty days up to the month's end, or None if the month is unknown."""
        if not self.is_delivered_in(account, month):
            return None
        until = min(last_day(month), self.as_of)
        days = [self.last_active(seat, until) for seat in seats]
        return sum(day is not None and (until - day).days < 30 for day in days)

    def overage_cost(self, seat: Seat, month: str) -> float | None:
        """A seat's overage cost; unknown if a row lacks its overage or nothing was delivered."""
        credits = [row.overage_credits for row in self.rows_in(seat, month)]
        if None in credits or not self.is_delivered_in(seat[0], month):
            return None
        return OVERAGE_RATE_USD * sum(credits)

    def seat_states_monthly(self) -> dict[tuple, dict]:
        """Seats and their list price by month, account, plan and state at the month's end."""
        found = defaultdict(list)
        for (month, account, tier), seats in self.seats_by_plan.items():
            is_known = self.is_delivered_in(account, month)
            until = min(last_day(month), self.as_of)
            for seat in seats:
                state = self.state_on(seat, until) if is_known else "unknown_history"
                found[first_day(month), account, tier, state].append(seat)
        return {
            key: {"seats": len(seats), "subscription_cost_usd": cost(key[2], seats)}
            for key, seats in found.items()
        }
