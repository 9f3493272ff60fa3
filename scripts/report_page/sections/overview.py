"""What a FinOps lead wants to know first."""

from __future__ import annotations

from .. import charts
from ..blocks import Chart, Column, Number, Numbers, Section, Table, by_filters
from ..charts import Colors

THIS_MONTH = "usage_month = (select max(usage_month) from license_utilization_monthly)"
LAST_MONTH = (
    "usage_month = (select max(usage_month) - interval 1 month from license_utilization_monthly)"
)

# The four questions of the page, answered in a sentence each.
WASTED = by_filters(
    """
        format(
            '{:,} of {:,} seats can be given back. That saves ${:,.0f} a month.',
            count(*) filter (where is_reclaimable),
            count(*) filter (
                where seat_state not in ('pending', 'cancelled') and coalesce(is_billed, true)
            ),
            coalesce(sum(monthly_savings_usd) filter (where is_reclaimable), 0)::double
        ) as answer
    """,
    "license_utilization",
    by_team=True,
)
# Prices of seats are known per tier, overage per account only.
COST = f"""
    select
        outlook.account_id,
        outlook.overage_to_date_usd,
        seats.cost_usd + outlook.expected_overage_usd as expected_cost_usd,
        seats.cost_usd + outlook.overage_p80_usd as p80_cost_usd,
        format(
            'About ${{:,.0f}}: subscriptions ${{:,.0f}}, overage ${{:,.0f}}. '
            'Eight times in ten it stays below ${{:,.0f}}.',
            (seats.cost_usd + outlook.expected_overage_usd)::double,
            seats.cost_usd::double,
            outlook.expected_overage_usd::double,
            (seats.cost_usd + outlook.overage_p80_usd)::double
        ) as answer
    from overage_outlook as outlook
    left join (
        select
            case when grouping(account_id) = 1 then '(all)' else account_id end as account_id,
            sum(subscription_cost_usd) as cost_usd
        from license_utilization_monthly
        where {THIS_MONTH}
        group by grouping sets ((), (account_id))
    ) as seats on outlook.account_id = seats.account_id
    where outlook.team = '(all)'
"""
BLOCKED = by_filters(
    """
        format(
            '{:,} people are blocked now; {:,} more will be within seven days.',
            count(*) filter (where risk_band = 'breached'),
            count(*) filter (where risk_band <> 'breached' and exhaustion_date <= as_of_date + 7)
        ) as answer
    """,
    "overage_risk",
    "risk_kind = 'blocked'",
    by_team=True,
)
GROWN = f"""
    select
        account_id,
        subscription_tier,
        case
            when max(share - share_before) > 0
                then format(
                    '{{}} grew most: from {{:.1f}} % to {{:.1f}} % of messages.',
                    max_by(model, share - share_before),
                    100 * max_by(share_before, share - share_before),
                    100 * max_by(share, share - share_before)
                )
            when max(share - share_before) <= 0 then 'None.'
        end as answer
    from (
        select
            *,
            messages / nullif(sum(messages) over cell, 0) as share,
            messages_before / nullif(sum(messages_before) over cell, 0) as share_before
        from (
            {
    by_filters(
        '''
            coalesce(sum(messages) filter (where activity_date > as_of() - 28), 0) as messages,
            coalesce(sum(messages) filter (where activity_date <= as_of() - 28), 0)
                as messages_before
        ''',
        "model_mix_daily",
        "activity_date > as_of() - 56 and activity_date <= as_of()",
        per="model",
    )
}
        )
        window cell as (partition by account_id, subscription_tier)
    )
    where model <> '(unattributed)'
    group by account_id, subscription_tier
"""

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
WEEK = by_filters(
    """
        coalesce(sum(messages) filter (where activity_date > as_of() - 7), 0) as messages,
        coalesce(sum(messages) filter (where activity_date <= as_of() - 7), 0) as messages_before
    """,
    "model_mix_daily",
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
ACTION_LIST = """
    select
        account_id,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        person(user_id) as person,
        team_of(user_id) as team,
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
        user_id
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
                [_answer("waste", "Which seats are wasted?", "license_utilization.is_reclaimable")],
            ),
            Numbers(
                COST,
                [
                    _answer(
                        "cost", "What will this month cost?", "overage_outlook.overage_p80_usd"
                    ),
                    Number(
                        "expected_cost",
                        "Cost expected",
                        "usd",
                        "{month}, whole month",
                        "overage_outlook.expected_overage_usd",
                        "List prices of the month's seats, not prorated, and the overage expected "
                        "of the whole month. Seats without a list price are not in it.",
                        column="expected_cost_usd",
                    ),
                    Number(
                        "p80_cost",
                        "Stays below (8 in 10)",
                        "usd",
                        "{month}, whole month",
                        "overage_outlook.overage_p80_usd",
                        "List prices of the month's seats, and the overage that is not exceeded "
                        "eight times in ten.",
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
                    _answer(
                        "blocked", "Who will be blocked this week?", "overage_risk.exhaustion_date"
                    )
                ],
            ),
            Numbers(
                GROWN,
                [
                    _answer(
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
                    Column("person", "Person", "name", definition="Beginning of the user id."),
                    Column("account_id", "Account", "name"),
                    Column("subscription_tier", "Tier", "name"),
                    Column("team", "Team", "name", "user_teams.team"),
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


def _answer(name: str, question: str, source: str, definition: str = "") -> Number:
    return Number(
        f"answer_{name}",
        question,
        "text",
        "",
        source,
        definition,
        column="answer",
        unknown="Not known: the reports do not reach back far enough, or lack what it takes.",
    )
