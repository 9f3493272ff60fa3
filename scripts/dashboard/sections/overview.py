"""A one-screen summary: what is paid, used, wasted, at risk and expected, and what to do."""

from __future__ import annotations

from ..blocks import ALL, Column, Number, Numbers, Ranking, Section, Table, Trends
from ..changes import SINCE_MONTH, SINCE_WEEK
from ..charts import Colors
from ..formats import written
from ..headlines import TRENDS, figure, figures, shown

FRESHNESS = """
    select
        case when grouping(account_id) = 1 then '(all)' else account_id end as account_id,
        max(last_delivered_at) as last_delivered_at
    from (
        select
            shown_account(account_id) as account_id,
            last_delivered_at
        from report_delivery
    )
    group by grouping sets ((), (account_id))
"""
ACTIONS = """
    select
        shown_account(account_id) as account_id,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        team_of(user_id) as team,
        action_name(action, null) as label,
        confidence,
        count(*) as seats,
        coalesce(sum(monthly_savings_usd), 0) as saved_usd,
        coalesce(sum(monthly_cost_usd), 0) as cost_usd
    from recommended_actions
    group by all
"""
ALERTS = """
    select
        account_id,
        team,
        plain(message) as message,
        case alert
            when 'seats_blocked' then 'blocked'
            when 'team_over_budget' then 'team_list'
            when 'overage_over_budget' then 'at_risk'
            when 'overage_expected' then 'at_risk'
            when 'seats_reclaimable' then 'reclaim'
            when 'files_missing' then 'missing_list'
            else 'findings'
        end as place
    from usage_alerts
    order by alert, account_id, team
"""
NO_ACTIONS = "No advice: no seat needs to be canceled, changed or investigated."


def section(colors: Colors) -> Section:
    """Return the overview."""
    return Section(
        name="overview",
        title="Overview",
        question="What is paid for, used, wasted, at risk and expected?",
        blocks=[
            figures(
                figure(
                    "subscription_cost_usd",
                    "Paid for seats",
                    "{month}, at list prices without tax.",
                    compared="{month_before}",
                    detail=lambda row: f"{shown(row, 'seats', 'count')} seats",
                    certainty=lambda row: "Billed by the month, so it hardly changes.",
                    needs=("seats",),
                ),
                figure(
                    "used_share",
                    "Used",
                    "30 days up to {as_of}.",
                    compared="{month_before}",
                    detail=lambda row: (
                        f"{shown(row, 'used_seats', 'count')} of "
                        f"{shown(row, 'seats', 'count')} seats"
                    ),
                    certainty=lambda row: (
                        f"{shown(row, 'new_seats', 'count')} more are too new to judge."
                    ),
                    needs=("used_seats", "seats", "new_seats"),
                ),
                figure(
                    "unused_cost_usd",
                    "Wasted",
                    "per month at list prices.",
                    compared="{month_before}",
                    detail=lambda row: f"{shown(row, 'unused_seats', 'count')} unused seats",
                    certainty=_waste,
                    needs=(
                        "unused_seats",
                        "reclaimable_seats",
                        "reclaimable_cost_usd",
                        "unknown_cost_usd",
                    ),
                ),
                figure(
                    "blocked_or_likely_seats",
                    "At risk",
                    "Seats with overage off, blocked or likely to be blocked in {month}.",
                    compared="{month_before}",
                    detail=lambda row: (
                        f"{shown(row, 'blocked_now_seats', 'count')} blocked, "
                        f"{shown(row, 'blocked_within_7_days_seats', 'count')} by {{week_ahead}}"
                    ),
                    certainty=lambda row: (
                        f"{shown(row, 'blocked_later_seats', 'count')} more are likely later this "
                        "month (at least a 50 % chance)."
                    ),
                    needs=(
                        "blocked_now_seats",
                        "blocked_within_7_days_seats",
                        "blocked_later_seats",
                    ),
                ),
                figure(
                    "month_cost_usd",
                    "Expected cost",
                    "All of {month}, at list prices without tax.",
                    compared="{month_before}",
                    detail=_budget,
                    certainty=_range,
                    needs=(
                        "overage_usd",
                        "month_cost_p80_usd",
                        "team_budget_usd",
                        "team_budget_left_usd",
                    ),
                ),
            ),
            figures(
                *(
                    figure(name, label, "as of {as_of}")
                    for name, label in (
                        ("listed_seats", "Seats"),
                        ("used_seats", "Used"),
                        ("unused_seats", "Unused"),
                        ("unknown_seats", "Of unknown use"),
                        ("new_seats", "New"),
                        ("pending_seats", "Pending"),
                    )
                ),
                figure("missing_files", "Missing files", "30 days up to {as_of}"),
            ),
            Numbers(
                FRESHNESS,
                [
                    Number(
                        "last_delivered_at",
                        "Last delivery",
                        "time",
                        "newest file from any client",
                        "report_delivery.last_delivered_at",
                    ),
                ],
            ),
            Trends("trends", TRENDS),
            Ranking(
                name="top_actions",
                title="What to do first",
                window="USD per month at list prices, as of {as_of}; choose an action to see its "
                "seats",
                source="recommended_actions",
                query=ACTIONS,
                empty=NO_ACTIONS,
            ),
            Table(
                name="alerts",
                title="Urgent",
                window="as of {as_of}",
                source="usage_alerts",
                query=ALERTS,
                columns=[
                    Column("account_id", "Account", "name"),
                    Column("message", "Message", place="place"),
                ],
                empty="No threshold was crossed. The alert_* settings define the thresholds.",
            ),
            *SINCE_MONTH,
            *SINCE_WEEK,
        ],
    )


def _waste(row: dict) -> str:
    seats = shown(row, "reclaimable_seats", "count")
    certain = (
        f"{shown(row, 'reclaimable_cost_usd')} of it can be reclaimed ({seats} seats)."
        if row["reclaimable_seats"]
        else "None of it can be reclaimed yet."
    )
    unknown = f" Not included: {shown(row, 'unknown_cost_usd')} for seats whose use is unknown."
    return certain + (unknown if row["unknown_cost_usd"] else "")


def _range(row: dict) -> str:
    if row["month_cost_usd"] is None:
        return "Not known: a forecast needs two weeks of reports."
    if row["month_cost_p80_usd"] is None:
        limit = "The range is available only for accounts and teams."
    else:
        limit = f"80 % chance of staying below {shown(row, 'month_cost_p80_usd')}."
    budget = row["team_budget_usd"]
    set_budget = "" if budget is None else f" Budget: {written(budget, 'usd')}."
    return f"Includes {shown(row, 'overage_usd')} of overage. {limit}{set_budget}"


def _budget(row: dict) -> str:
    left = row["team_budget_left_usd"]
    if left is None:
        is_filtered = (row["account_id"], row["subscription_tier"]) != (ALL, ALL)
        return "budgets are set by team" if is_filtered else "no budget set"
    return f"{written(abs(left), 'usd')} {'over' if left < 0 else 'under'} budget"
