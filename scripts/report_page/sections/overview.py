"""What a FinOps lead wants to know first."""

from __future__ import annotations

from .. import charts
from ..blocks import (
    SEAT,
    SEAT_COLUMNS,
    Chart,
    Column,
    Number,
    Numbers,
    Section,
    Table,
    by_filters,
)
from ..charts import Colors
from .answers import BLOCKED, COST, GROWN, THIS_MONTH, WASTED, answer

LAST_MONTH = (
    "usage_month = (select max(usage_month) - interval 1 month from license_utilization_monthly)"
)

SEATS = by_filters(
    f"""
        sum(seats) filter (where {THIS_MONTH}) as seats,
        sum(seats) filter (where {LAST_MONTH}) as seats_before,
        sum(active_seats) filter (where {THIS_MONTH}) as active_seats,
        sum(active_seats) filter (where {LAST_MONTH}) as active_seats_before,
        sum(active_seats) filter (where {THIS_MONTH})
        / nullif(sum(seats) filter (where {THIS_MONTH} and active_seats is not null), 0)
            as seat_utilization,
        sum(active_seats) filter (where {LAST_MONTH})
        / nullif(sum(seats) filter (where {LAST_MONTH} and active_seats is not null), 0)
            as seat_utilization_before
    """,
    "license_utilization_monthly",
)
SAVINGS = by_filters(
    "coalesce(sum(monthly_savings_usd), 0) as savings_usd",
    "recommended_actions",
    by_team=True,
)
# Weeks are not compared where a file of theirs is missing.
WEEK = by_filters(
    """
        coalesce(sum(messages) filter (where activity_date > as_of() - 7), 0) as messages,
        case
            when not bool_or(lacks_files)
                then coalesce(sum(messages) filter (where activity_date <= as_of() - 7), 0)
        end as messages_before
    """,
    """(
        select
            *,
            account_id in (
                select account_id
                from report_delivery
                where status = 'missing' and activity_date > as_of() - 14
            ) as lacks_files
        from model_mix_daily
    )""",
    "activity_date > as_of() - 14 and activity_date <= as_of()",
)
# A sum over accounts is unknown where that of one of them is.
ACTIVE_USERS = """
    select
        case when grouping(account) = 1 then '(all)' else account end as account_id,
        case
            when bool_and(weekly_active_users is not null) filter (where activity_date = as_of())
                then sum(weekly_active_users) filter (where activity_date = as_of())
        end as weekly,
        case
            when bool_and(weekly_active_users is not null)
                filter (where activity_date = as_of() - 7)
                then sum(weekly_active_users) filter (where activity_date = as_of() - 7)
        end as weekly_before
    from (select *, shown_account(account_id) as account from adoption_daily)
    where activity_date in (as_of(), as_of() - 7)
    group by grouping sets ((), (account))
"""
FRESHNESS = """
    select
        case when grouping(account_id) = 1 then '(all)' else account_id end as account_id,
        max(last_delivered_at) as last_delivered_at,
        count(*) filter (where status = 'missing' and activity_date > as_of() - 30)
            as missing_files
    from (
        select
            shown_account(account_id) as account_id,
            status,
            activity_date,
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
        replace(action, '_', ' ') as action,
        count(*) as seats,
        coalesce(sum(monthly_savings_usd), 0) as savings_usd,
        coalesce(sum(monthly_cost_usd), 0) as cost_usd
    from recommended_actions
    group by all
"""
ACTION_LIST = f"""
    select
        {SEAT},
        replace(action, '_', ' ') || coalesce(' to ' || recommended_tier, '') as action,
        concat_ws(chr(10), reason, evidence) as why,
        confidence,
        monthly_savings_usd,
        monthly_cost_usd,
        effective_date
    from recommended_actions
    order by
        monthly_savings_usd desc nulls last,
        monthly_cost_usd desc nulls last,
        user_id,
        account_id,
        profile_id
"""
ALERTS = """
    select
        account_id,
        replace(alert, '_', ' ') as alert,
        message
    from usage_alerts
    order by alert, account_id
"""
NO_ACTIONS = "Nothing is advised: no seat is long idle, oddly reported, or on the wrong plan."


def section(colors: Colors) -> Section:
    """Return the overview."""
    return Section(
        name="overview",
        title="Overview",
        question="Are the seats used, what will the month cost, and what should be done?",
        blocks=[
            Numbers(
                WASTED,
                [answer("waste", "Which seats are wasted?", "license_utilization.is_reclaimable")],
            ),
            Numbers(
                COST,
                [
                    answer("cost", "What will this month cost?", "overage_outlook.overage_p80_usd"),
                    Number(
                        "expected_cost",
                        "Cost expected",
                        "usd",
                        "{month}, whole month",
                        "overage_outlook.expected_overage_usd",
                        "List prices of the month's seats, not prorated, and the overage expected "
                        "of the whole month. Without tax and other items of a bill, and without "
                        "seats that have no list price.",
                        column="expected_cost_usd",
                    ),
                    Number(
                        "p80_cost",
                        "Stays below (8 in 10)",
                        "usd",
                        "{month}, whole month",
                        "overage_outlook.overage_p80_usd",
                        "List prices of the month's seats, and the overage that is not exceeded "
                        "eight times in ten (P80). Without tax and other items of a bill.",
                        column="p80_cost_usd",
                    ),
                    Number(
                        "overage_to_date",
                        "Overage so far",
                        "usd",
                        "{month} up to {as_of}",
                        "overage_outlook.overage_to_date_usd",
                        column="overage_to_date_usd",
                    ),
                ],
            ),
            Numbers(
                BLOCKED,
                [
                    answer(
                        "blocked", "Who will be blocked this week?", "overage_risk.exhaustion_date"
                    )
                ],
            ),
            Numbers(
                GROWN,
                [
                    answer(
                        "grown",
                        "Which model grew?",
                        "model_mix_daily.messages",
                        "Share of messages in the last 28 days, beside that in the 28 days before.",
                    )
                ],
            ),
            Numbers(
                SEATS,
                [
                    Number(
                        "seats",
                        "Seats this month",
                        "count",
                        "{month}",
                        "license_utilization_monthly.seats",
                        before="seats_before",
                        period="last month",
                    ),
                    Number(
                        "seat_utilization",
                        "Seats in use",
                        "share",
                        "30 days up to {as_of}",
                        "license_utilization_monthly.active_seats",
                        "Seats with an active day in the 30 days, of all seats of this month.",
                        before="seat_utilization_before",
                        period="last month",
                    ),
                ],
            ),
            Numbers(
                SAVINGS,
                [
                    Number(
                        "savings_usd",
                        "Savings advised",
                        "usd",
                        "per month, as of {as_of}",
                        "recommended_actions.monthly_savings_usd",
                    ),
                ],
            ),
            Numbers(
                ACTIVE_USERS,
                [
                    Number(
                        "weekly",
                        "Weekly active users",
                        "count",
                        "7 days up to {as_of}",
                        "adoption_daily.weekly_active_users",
                        "Distinct users active in the 7 days, added up over accounts. Unknown "
                        "where an expected file is missing.",
                        before="weekly_before",
                        period="the week before",
                    ),
                ],
            ),
            Numbers(
                WEEK,
                [
                    Number(
                        "messages",
                        "Messages",
                        "count",
                        "7 days up to {as_of}",
                        "model_mix_daily.messages",
                        before="messages_before",
                        period="the week before",
                    ),
                ],
            ),
            Numbers(
                FRESHNESS,
                [
                    Number(
                        "last_delivered_at",
                        "Last delivery",
                        "time",
                        "newest file of any client",
                        "report_delivery.last_delivered_at",
                    ),
                    Number(
                        "missing_files",
                        "Missing files",
                        "count",
                        "30 days up to {as_of}",
                        "report_delivery.status",
                    ),
                ],
            ),
            Chart(
                name="actions",
                title="What to do, and what it saves",
                window="USD a month at list prices, as of {as_of}",
                source="recommended_actions",
                query=ACTIONS,
                spec={
                    "height": {"step": 34},
                    "mark": {"type": "bar", "cornerRadiusEnd": 3},
                    "encoding": {
                        "y": charts.name("action", sort="-x"),
                        "x": charts.amount(
                            "savings_usd", "USD saved a month", "$,.0f", aggregate="sum"
                        ),
                        "color": {"value": charts.ACCENT},
                        "tooltip": [
                            charts.tip("action", "Action", kind="nominal"),
                            charts.tip("seats", "Seats", ",", aggregate="sum"),
                            charts.tip("savings_usd", "Saves a month", "$,.2f", aggregate="sum"),
                            charts.tip("cost_usd", "Costs a month", "$,.2f", aggregate="sum"),
                        ],
                    },
                },
                empty=NO_ACTIONS,
            ),
            Table(
                name="alerts",
                title="What cannot wait",
                window="as of {as_of}",
                source="usage_alerts",
                query=ALERTS,
                columns=[
                    Column("alert", "Alert"),
                    Column("account_id", "Account", "name"),
                    Column("message", "Message"),
                ],
                empty="No threshold is crossed. The thresholds are the settings alert_*.",
            ),
            Table(
                name="action_list",
                title="Actions, dearest first",
                window="per month at list prices, as of {as_of}",
                source="recommended_actions",
                query=ACTION_LIST,
                columns=[
                    *SEAT_COLUMNS,
                    Column("action", "Action"),
                    Column("monthly_savings_usd", "Saves", "cents"),
                    Column("monthly_cost_usd", "Costs", "cents"),
                    Column("confidence", "Confidence"),
                    Column("effective_date", "From", "date"),
                    Column("why", "Why", source="recommended_actions.evidence"),
                ],
                empty=NO_ACTIONS,
            ),
        ],
    )
