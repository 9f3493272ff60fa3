"""Which seats are used, which are idle, which can be given back."""

from __future__ import annotations

from .. import charts
from ..blocks import (
    HELD,
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

FACTS = by_filters(
    f"""
        count(*) filter (where {HELD}) as seats,
        count(*) filter (where {HELD} and active_days_30 > 0) as active_seats,
        count(*) filter (where is_reclaimable) as reclaimable_seats,
        coalesce(sum(monthly_savings_usd) filter (where is_reclaimable), 0) as savings_usd,
        count(*) filter (where is_duplicate_seat) as duplicate_seats
    """,
    "license_utilization",
    by_team=True,
)
STATES = """
    select
        shown_account(account_id) as account_id,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        team_of(user_id) as team,
        replace(seat_state, '_', ' ') as seat_state,
        count(*) as seats
    from license_utilization
    group by all
"""
MONTHS = """
    select
        shown_account(account_id) as account_id,
        subscription_tier,
        usage_month,
        replace(seat_state, '_', ' ') as seat_state,
        sum(seats) as seats,
        sum(subscription_cost_usd) as cost_usd
    from seat_states_monthly
    group by all
"""
TIERS = """
    select
        account_id,
        subscription_tier,
        seats,
        active_seats,
        seat_utilization,
        credits_used,
        credit_utilization,
        stranded_credits,
        subscription_cost_usd,
        overage_cost_usd,
        cost_per_active_user_usd
    from license_utilization_monthly
    where usage_month = (select max(usage_month) from license_utilization_monthly)
    order by account_id, subscription_cost_usd desc nulls last, subscription_tier
"""
RECLAIM = f"""
    select
        {SEAT},
        replace(seat_state, '_', ' ') as seat_state,
        last_active_date,
        days_since_active,
        coverage_30,
        monthly_savings_usd
    from license_utilization
    where is_reclaimable
    order by monthly_savings_usd desc nulls last, days_since_active desc nulls first, user_id,
        account_id, profile_id
"""

STATES_IN_ORDER = {state.replace("_", " "): color for state, color in charts.STATE_COLORS.items()}

# Pending and cancelled seats are no seats of a month.
HELD_STATES = {
    state: color
    for state, color in STATES_IN_ORDER.items()
    if state not in ("pending", "cancelled")
}


def section(colors: Colors) -> Section:
    """Return the section on licences."""
    return Section(
        name="licenses",
        title="Licences",
        question="Which seats are idle, which can be given back, and what does that save?",
        blocks=[
            Numbers(
                FACTS,
                [
                    Number(
                        "license_seats",
                        "Seats held",
                        "count",
                        "as of {as_of}",
                        "license_utilization.seat_source",
                        "Seats that the bill, a roster or a report names, without those that are "
                        "pending, cancelled, or known not to be billed.",
                        column="seats",
                    ),
                    Number(
                        "license_active",
                        "Used in 30 days",
                        "count",
                        "30 days up to {as_of}",
                        "license_utilization.active_days_30",
                        "Of the seats held, those with an active day in the 30 days.",
                        column="active_seats",
                    ),
                    Number(
                        "license_reclaimable",
                        "To give back",
                        "count",
                        "as of {as_of}",
                        "license_utilization.is_reclaimable",
                        column="reclaimable_seats",
                    ),
                    Number(
                        "license_savings",
                        "That saves",
                        "usd",
                        "a month at list prices",
                        "license_utilization.monthly_savings_usd",
                        column="savings_usd",
                    ),
                    Number(
                        "license_duplicates",
                        "Second seats",
                        "count",
                        "as of {as_of}",
                        "license_utilization.is_duplicate_seat",
                        column="duplicate_seats",
                    ),
                ],
            ),
            Chart(
                name="states",
                title="Seats by state and tier",
                window="as of {as_of}",
                source="license_utilization",
                definition="seat_state",
                query=STATES,
                spec={
                    "height": {"step": 28},
                    "transform": [charts.in_order("subscription_tier", list(colors.tiers))],
                    "mark": {"type": "bar"},
                    "encoding": {
                        "order": {"field": "rank"},
                        "y": charts.name("seat_state", sort=list(STATES_IN_ORDER)),
                        "x": charts.amount("seats", "Seats", aggregate="sum"),
                        "color": charts.color("subscription_tier", colors.tiers),
                        "tooltip": [
                            charts.tip("seat_state", "State", kind="nominal"),
                            charts.tip("subscription_tier", "Tier", kind="nominal"),
                            charts.tip("seats", "Seats", ",", aggregate="sum"),
                        ],
                    },
                },
            ),
            Chart(
                name="state_months",
                title="Seats by state, month by month",
                window="at each month's end, the last month as of {as_of}",
                source="seat_states_monthly",
                definition="seat_state",
                query=MONTHS,
                date="usage_month",
                spec={
                    "height": 280,
                    "transform": [charts.in_order("seat_state", list(HELD_STATES))],
                    "mark": {"type": "bar"},
                    "encoding": {
                        "x": charts.month("usage_month"),
                        "y": charts.amount("seats", "Seats", aggregate="sum"),
                        "color": charts.color("seat_state", HELD_STATES),
                        "order": {"field": "rank"},
                        "tooltip": [
                            charts.tip("usage_month", "Month", "%b %Y", "temporal"),
                            charts.tip("seat_state", "State", kind="nominal"),
                            charts.tip("seats", "Seats", ",", aggregate="sum"),
                            charts.tip("cost_usd", "Cost a month", "$,.0f", aggregate="sum"),
                        ],
                    },
                },
            ),
            Table(
                name="tiers",
                title="Use and cost by tier",
                window="{month}, up to {as_of}",
                source="license_utilization_monthly",
                query=TIERS,
                columns=[
                    Column("account_id", "Account", "name"),
                    Column("subscription_tier", "Tier", "name"),
                    Column("seats", "Seats", "count"),
                    Column("active_seats", "In use", "count"),
                    Column("seat_utilization", "Seats used", "share"),
                    Column("credit_utilization", "Allowance used", "share"),
                    Column("stranded_credits", "Credits left", "credits"),
                    Column("subscription_cost_usd", "Subscriptions", "cents"),
                    Column("overage_cost_usd", "Overage", "cents"),
                    Column("cost_per_active_user_usd", "Per active user", "cents"),
                ],
            ),
            Table(
                name="reclaim",
                title="Seats to give back, dearest first",
                window="as of {as_of}; takes effect on the next 1st",
                source="license_utilization",
                query=RECLAIM,
                columns=[
                    *SEAT_COLUMNS,
                    Column("monthly_savings_usd", "Saves a month", "cents"),
                    Column("seat_state", "State"),
                    Column("last_active_date", "Last active", "date"),
                    Column("days_since_active", "Days since", "count"),
                    Column("coverage_30", "Days delivered", "share"),
                ],
                empty=(
                    "No seat can be given back: none was idle for long enough, or too many reports "
                    "are missing to tell (see Data quality)."
                ),
            ),
        ],
    )
