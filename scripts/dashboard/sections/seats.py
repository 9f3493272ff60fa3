"""Which seats are used, idle or reclaimable, and what else to do."""

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
from ..headlines import again, figure, figures, value_of
from ..reading import STATE_NAMES

ACTIONS = """
    select
        shown_account(account_id) as account_id,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        team_of(user_id) as team,
        action_name(action, null) as action,
        count(*) as seats,
        coalesce(sum(monthly_savings_usd), 0) as savings_usd,
        coalesce(sum(monthly_cost_usd), 0) as cost_usd
    from recommended_actions
    group by all
"""
ACTION_LIST = f"""
    select
        {SEAT},
        action_name(action, recommended_tier) as action,
        plain(concat_ws(chr(10), reason, evidence)) as why,
        confidence,
        monthly_savings_usd,
        monthly_cost_usd,
        effective_date
    from recommended_actions as seats
    order by
        monthly_savings_usd desc nulls last,
        monthly_cost_usd desc nulls last,
        user_id,
        account_id,
        profile_id
"""
NO_ACTIONS = "No advice: no seat needs to be canceled, changed or investigated."
STATES = """
    select
        shown_account(account_id) as account_id,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        team_of(user_id) as team,
        state_name(seat_state) as seat_state,
        count(*) as seats
    from license_utilization
    group by all
"""
MONTHS = """
    select
        shown_account(account_id) as account_id,
        subscription_tier,
        usage_month,
        state_name(seat_state) as seat_state,
        sum(seats) as seats,
        sum(subscription_cost_usd) as cost_usd
    from seat_states_monthly
    group by all
"""
TIERS = f"""
    select
        account_id,
        subscription_tier,
        seats,
        used.used_seats,
        used.used_share,
        credits_used,
        credit_utilization,
        stranded_credits,
        subscription_cost_usd,
        overage_cost_usd,
        cost_per_active_user_usd
    from license_utilization_monthly
    left join (
        select
            account_id,
            subscription_tier,
            {value_of("used_seats")} as used_seats,
            {value_of("used_share")} as used_share
        from headline_figures
        where
            team = '(all)'
            and period_end_date = as_of()
        group by all
    ) as used using (account_id, subscription_tier)
    where usage_month = (select max(usage_month) from license_utilization_monthly)
    order by account_id, subscription_cost_usd desc nulls last, subscription_tier
"""
FIRST_USE = by_filters(
    "median(days_to_first_use) as median_days_to_first_use", "license_utilization", by_team=True
)
RECLAIM = f"""
    select
        {SEAT},
        state_name(seat_state) as seat_state,
        last_active_date,
        days_since_active,
        coverage_30,
        monthly_savings_usd
    from license_utilization as seats
    where is_reclaimable
    order by monthly_savings_usd desc nulls last, days_since_active desc nulls first, user_id,
        account_id, profile_id
"""
KEPT = f"""
    select
        {SEAT},
        monthly_price_usd,
        state_name(seat_state) as seat_state,
        last_active_date,
        case kept_because
            when 'exempt' then concat_ws(': ', 'exempt', exemption_reason)
            when 'unknown_profile' then 'its profile is unknown'
            when 'used_elsewhere' then 'the person is at work elsewhere'
            when 'missing_reports' then 'too many reports are missing'
            else kept_because
        end as kept_because
    from license_utilization as seats
    where kept_because is not null
    order by monthly_price_usd desc nulls last, user_id, account_id, profile_id
"""
UNKNOWN = f"""
    select
        {SEAT},
        monthly_price_usd,
        activated_date,
        last_evidence_date,
        case
            when coverage_30 is null then 'no report for the account has arrived'
            when is_billed then 'no report shows use, but the seat may be older than the reports'
            else 'no report shows use, and no source confirms that the seat is paid for'
        end as unknown_because
    from license_utilization as seats
    where
        seat_state = 'unknown_history'
        and coalesce(is_billed, true)
    order by monthly_price_usd desc nulls last, user_id, account_id, profile_id
"""

STATES_IN_ORDER = {
    STATE_NAMES.get(state, state): color for state, color in charts.STATE_COLORS.items()
}

# Pending and canceled seats are never included in monthly counts.
HELD_STATES = {
    state: color for state, color in STATES_IN_ORDER.items() if state not in ("pending", "canceled")
}


def section(colors: Colors) -> Section:
    """Return the seats tab."""
    return Section(
        name="seats",
        title="Seats",
        question="Which seats are unused, which can be reclaimed, and what does that save?",
        blocks=[
            figures(
                figure("seats", "Seats", "as of {as_of}", compared="{month_before}"),
                again("seats", figure("unused_seats", "Unused", "as of {as_of}")),
                again("seats", figure("unused_cost_usd", "Wasted", "per month at list prices")),
                figure(
                    "reclaimable_seats",
                    "To reclaim",
                    "as of {as_of}; lowers the bill from the 1st of next month",
                ),
                figure("reclaimable_cost_usd", "Savings", "per month at list prices"),
                figure(
                    "inactivity_cost_usd",
                    "Wasted so far",
                    "price of unused seats since each was last used",
                ),
                figure(
                    "unknown_seats",
                    "Of unknown use",
                    "as of {as_of}; not counted as unused",
                ),
                figure("second_seats", "Second seats", "as of {as_of}"),
            ),
            Numbers(
                FIRST_USE,
                [
                    Number(
                        "median_days_to_first_use",
                        "Days to first use",
                        "days",
                        "median, from activation",
                        "license_utilization.days_to_first_use",
                        unmatched="–",
                    )
                ],
            ),
            Chart(
                name="actions",
                title="What to do, and what it saves",
                window="USD per month at list prices, as of {as_of}",
                source="recommended_actions",
                query=ACTIONS,
                spec={
                    "height": {"step": 34},
                    "mark": {"type": "bar", "cornerRadiusEnd": 3},
                    "encoding": {
                        "y": charts.name("action", sort="-x"),
                        "x": charts.amount(
                            "savings_usd", "USD saved per month", "$,.0f", aggregate="sum"
                        ),
                        "color": {"value": charts.ACCENT},
                        "tooltip": [
                            charts.tip("action", "Action", kind="nominal"),
                            charts.tip("seats", "Seats", ",", aggregate="sum"),
                            charts.tip("savings_usd", "Saves per month", "$,.2f", aggregate="sum"),
                            charts.tip("cost_usd", "Costs per month", "$,.2f", aggregate="sum"),
                        ],
                    },
                },
                empty=NO_ACTIONS,
            ),
            Table(
                name="action_list",
                title="What to do, most valuable first",
                window="USD per month at list prices, as of {as_of}",
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
            Chart(
                name="states",
                title="Seats by state and plan",
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
                            charts.tip("subscription_tier", "Plan", kind="nominal"),
                            charts.tip("seats", "Seats", ",", aggregate="sum"),
                        ],
                    },
                },
            ),
            Chart(
                name="state_months",
                title="Seats by state, month by month",
                window="at the end of each month; the last month as of {as_of}",
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
                            charts.tip("cost_usd", "Cost per month", "$,.0f", aggregate="sum"),
                        ],
                    },
                },
            ),
            Table(
                name="tiers",
                title="Use and cost by plan",
                window="{month}, up to {as_of}",
                source="license_utilization_monthly",
                query=TIERS,
                columns=[
                    Column("account_id", "Account", "name"),
                    Column("subscription_tier", "Plan", "name"),
                    Column("seats", "Seats", "count"),
                    Column("used_seats", "Used", "count", "headline_figures.used_seats"),
                    Column("used_share", "Seats used", "share", "headline_figures.used_share"),
                    Column("credit_utilization", "Allowance used", "share"),
                    Column("stranded_credits", "Credits left", "credits"),
                    Column("subscription_cost_usd", "Subscriptions", "cents"),
                    Column("overage_cost_usd", "Overage", "cents"),
                    Column("cost_per_active_user_usd", "Cost per active user", "cents"),
                ],
            ),
            Table(
                name="reclaim",
                title="Seats to reclaim, most expensive first",
                window="as of {as_of}; takes effect on the 1st of next month",
                source="license_utilization",
                query=RECLAIM,
                columns=[
                    *SEAT_COLUMNS,
                    Column("monthly_savings_usd", "Saves per month", "cents"),
                    Column("seat_state", "State"),
                    Column("last_active_date", "Last active", "date"),
                    Column("days_since_active", "Days since active", "count"),
                    Column("coverage_30", "Days delivered", "share"),
                ],
                note="Reclaiming these seats lowers the bill from the 1st of next month, because "
                "this month is already paid for. Seats cannot be transferred: another person needs "
                "their own subscription. The next list shows the other unused seats, with the "
                "reasons to keep them.",
                empty=(
                    "No seat can be reclaimed: none has been unused long enough, or too many "
                    "reports are missing to be sure (see Data health)."
                ),
            ),
            Table(
                name="kept",
                title="Unused seats to keep",
                window="as of {as_of}",
                source="license_utilization",
                query=KEPT,
                columns=[
                    *SEAT_COLUMNS,
                    Column("monthly_price_usd", "Price per month", "cents"),
                    Column("seat_state", "State"),
                    Column("last_active_date", "Last active", "date"),
                    Column("kept_because", "Kept because"),
                ],
                empty="Every unused seat can be reclaimed.",
                limit=300,
            ),
            Table(
                name="unknown",
                title="Seats of unknown use",
                window="as of {as_of}; not counted as unused or wasted",
                source="license_utilization",
                query=UNKNOWN,
                columns=[
                    *SEAT_COLUMNS,
                    Column("monthly_price_usd", "Price per month", "cents"),
                    Column("activated_date", "Activated", "date"),
                    Column("last_evidence_date", "Last evidence of use", "date"),
                    Column(
                        "unknown_because",
                        "Unknown because",
                        definition="Why the seat's use is unknown.",
                    ),
                ],
                empty="The use of every seat is known.",
                limit=300,
            ),
        ],
    )
