"""The page's headline figures, from the table `headline_figures`."""

from __future__ import annotations

from dataclasses import replace

from .blocks import Number, Numbers
from .formats import UNKNOWN, written

# Accounts and teams without a filter choice of their own share one row: amounts are added up,
# shares are recalculated, and figures that cannot be summed are unknown.
NOW = """
    select
        figure,
        shown_account(account_id) as account_id,
        subscription_tier,
        shown_team(team) as team,
        {value} as value,
        {previous} as previous_value
    from headline_figures
    where period_end_date = as_of()
    group by all
"""
COMBINED = """
    case
        when count(*) = 1 then max({value})
        when
            max(figure) in (
                'overage_p80_usd', 'month_cost_p80_usd', 'overage_budget_usd', 'team_budget_usd',
                'team_budget_left_usd'
            )
            then null
        when max(unit) = 'share' then {share}
        when count({value}) = count(*) then sum({value})
    end
"""
TRENDS = """
    select
        figure,
        shown_account(account_id) as account_id,
        subscription_tier,
        period_end_date,
        case
            when max(unit) = 'share' then sum(numerator) / nullif(sum(denominator), 0)
            else sum(value)
        end as value
    from headline_figures
    where
        figure in (
            'subscription_cost_usd', 'used_share', 'unused_cost_usd', 'blocked_or_likely_seats',
            'month_cost_usd'
        )
        and team = '(all)'
        and period_end_date > as_of() - 400
    group by all
"""
# Filters for figures that cannot be filtered by all of account, plan and team.
BY = {
    "overage_p80_usd": ("account", "team"),
    "month_cost_p80_usd": ("account", "team"),
    "overage_worst_case_usd": ("account", "team"),
    "overage_budget_usd": ("account",),
    "team_budget_usd": ("team",),
    "team_budget_left_usd": ("team",),
    "weekly_active_users": ("account",),
    "messages": ("account", "plan"),
    "missing_files": ("account",),
}
WEEK_BEFORE = "the previous week"
# The seats that `unused_seats` counts.
UNUSED = "seat_state in ('dormant', 'stale', 'never_used') and coalesce(is_billed, true)"


def figures(*numbers: Number) -> Numbers:
    """Return a block of headline figures, including the columns that their details need."""
    names = dict.fromkeys(
        name for number in numbers for name in (number.column or number.name, *number.needs)
    )
    columns = ",".join(
        f"{value_of(name)} as {name}, {value_of(name, 'previous_value')} as {name}_before"
        for name in names
    )
    now = NOW.format(
        value=COMBINED.format(
            value="value", share="(sum(numerator) / nullif(sum(denominator), 0))::decimal(38, 6)"
        ),
        previous=COMBINED.format(value="previous_value", share="null"),
    )
    return Numbers(
        f"select account_id, subscription_tier, team, {columns} from ({now}) group by all",
        list(numbers),
    )


def value_of(name: str, value: str = "value") -> str:
    """Return the SQL that gets a figure's value from grouped rows."""
    return f"max({value}) filter (where figure = '{name}')"


def figure(name: str, label: str, window: str, *, compared: str = "", **more) -> Number:
    """Return a headline figure; `compared` is the name of the previous period, if shown."""
    kind = "usd" if name.endswith("_usd") else "share" if name.endswith("_share") else "count"
    return Number(
        name,
        label,
        kind,
        window,
        f"headline_figures.{name}",
        before=f"{name}_before" if compared else "",
        period=compared,
        not_compared=of_week if compared == WEEK_BEFORE else of_month,
        # If a scope has no row, its count is 0.
        unmatched="0" if kind == "count" else UNKNOWN,
        by=BY.get(name),
        **more,
    )


def again(place: str, number: Number) -> Number:
    """Return a headline figure that is shown in a second place, under a different name."""
    return replace(number, name=f"{place}_{number.name}", column=number.name)


def of_week(row: dict) -> str:
    """Return why the previous week is unknown."""
    return "{week_reason}"


def of_month(row: dict) -> str:
    """Return why the previous month is unknown."""
    return "{month_reason}"


def shown(row: dict, name: str, kind: str = "usd") -> str:
    """Return a row's figure as text for a sentence."""
    return written(row[name], kind, "unknown")
