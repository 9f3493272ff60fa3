"""What Kiro costs, and who will run into overage or be blocked."""

from __future__ import annotations

from ..blocks import SEAT, SEAT_COLUMNS, Chart, Column, Number, Section, Table
from ..charts import Colors
from ..headlines import again, figure, figures
from . import costs, forecast_quality, spend_charts

# On the last reported day, the forecast range starts at the overage so far.
FAN = """
    select
        account_id,
        activity_date,
        overage_to_date_usd,
        {}
    from overage_outlook_daily
    where
        account_id = '(all)'
        or account_id in (select account_id from shown_accounts)
""".format(
    ",".join(
        f"coalesce({name}, case when activity_date = as_of_date then overage_to_date_usd end)"
        f" as {name}"
        for name in (
            "expected_overage_usd",
            "overage_p10_usd",
            "overage_p20_usd",
            "overage_p80_usd",
            "overage_p90_usd",
        )
    )
)
WHAT_IF = """
    select
        account_id,
        case scenario
            when 'current_settings' then 'current settings'
            when 'overage_off' then 'off for all'
            when 'overage_capped' then format('on for all, cap of {:,.0f}', overage_cap::double)
            when 'overage_uncapped' then 'on for all, no cap'
            else replace(scenario, '_', ' ')
        end as setting,
        expected_overage_usd,
        overage_p80_usd,
        blocked_seats,
        unmet_credits
    from overage_what_if
    where
        team = '(all)'
        and (account_id = '(all)' or account_id in (select account_id from shown_accounts))
    order by
        account_id <> '(all)',
        account_id,
        scenario <> 'current_settings',
        scenario <> 'overage_off',
        overage_cap nulls last
"""
MONTHS = """
    select
        coalesce(account, '(all)') as account_id,
        usage_month,
        sum(overage_cost_usd) as overage_cost_usd,
        null as expected_overage_usd,
        null as overage_p80_usd
    from (select *, shown_account(account_id) as account from overage_monthly)
    where usage_month < (select max(usage_month) from overage_outlook)
    group by usage_month, cube (account)
    union all
    select
        account_id,
        usage_month,
        overage_to_date_usd,
        expected_overage_usd,
        overage_p80_usd
    from overage_outlook
    where
        team = '(all)'
        and shown_account(account_id) = account_id
"""
CALENDAR = """
    select
        shown_account(account_id) as account_id,
        coalesce(subscription_tier, '(unknown)') as subscription_tier,
        team_of(user_id) as team,
        exhaustion_date,
        case risk_kind when 'cost' then 'costs overage' else 'is blocked' end as then,
        case when exhaustion_date <= as_of() then 'reported' else 'forecast' end as evidence,
        count(*) as seats
    from overage_risk
    where
        exhaustion_date is not null
        and risk_kind is not null
    group by all
"""
FORECAST = f"""
        {SEAT},
        replace(risk_band, '_', ' ') as risk_band,
        credits_used_month,
        monthly_allowance,
        overage_cap,
        forecast_credits_p50,
        format(
            '{{:,.0f}}\u00a0–\u00a0{{:,.0f}}',
            forecast_credits_p10::double,
            forecast_credits_p90::double
        ) as forecast_range,
        probability_over_allowance,
        probability_over_cap,
        exhaustion_date,
        unmet_demand_credits,
        expected_overage_usd
"""
AT_RISK = f"""
    select
        {FORECAST}
    from overage_risk as seats
    where
        risk_kind = 'cost'
        and risk_band in ('breached', 'high', 'likely', 'watch')
    order by expected_overage_usd desc nulls last, user_id, account_id, profile_id
"""
BLOCKED = f"""
    select
        case
            when risk_band = 'breached' then 'now'
            when exhaustion_date <= as_of() + 7
                then format('by {{}} {{}}', day(as_of() + 7), strftime(as_of() + 7, '%b'))
            else 'likely this month'
        end as blocked,
        {FORECAST}
    from overage_risk as seats
    where
        risk_kind = 'blocked'
        and risk_band in ('breached', 'high', 'likely')
    order by exhaustion_date nulls last, unmet_demand_credits desc nulls last, user_id,
        account_id, profile_id
"""
WHO = [*SEAT_COLUMNS, Column("exhaustion_date", "Used up on", "date")]
CREDITS = [
    Column("credits_used_month", "Credits so far", "credits"),
    Column("monthly_allowance", "Allowance", "credits"),
    Column("forecast_credits_p50", "Forecast", "credits"),
    Column(
        "forecast_range",
        "Range",
        "name",
        definition="The month's credits have an 80 % chance of ending in this range.",
    ),
    Column("probability_over_allowance", "Chance of going over", "share"),
]


def spend_figure(name: str, label: str, **more) -> Number:
    """Return a headline figure from the Overview that this tab also shows."""
    return again("spend", figure(name, label, "all of {month}, list prices, without tax", **more))


def section(colors: Colors) -> Section:
    """Return the spend and overage tab."""
    return Section(
        name="spend",
        title="Spend and overage",
        question="What does Kiro cost, who will run into overage or be blocked, and how certain is "
        "that?",
        blocks=[
            figures(
                spend_figure("month_cost_usd", "Expected cost", compared="{month_before}"),
                spend_figure("subscription_cost_usd", "Paid for seats", compared="{month_before}"),
                spend_figure("month_cost_p80_usd", "Cost stays below (80 % sure)"),
                spend_figure("team_budget_left_usd", "Budget left", unknown="none set"),
            ),
            figures(
                figure("overage_to_date_usd", "Overage so far", "{month} up to {as_of}"),
                figure(
                    "overage_usd",
                    "Expected overage",
                    "all of {month}",
                    compared="{month_before}",
                ),
                figure("overage_p80_usd", "Overage stays below (80 % sure)", "all of {month}"),
                figure(
                    "overage_worst_case_usd", "If all seats reach their caps", "{month}, at most"
                ),
                figure("overage_budget_usd", "Overage budget", "{month}", unknown="none set"),
            ),
            figures(
                figure("blocked_now_seats", "Blocked now", "seats with overage off, as of {as_of}"),
                figure(
                    "blocked_within_7_days_seats",
                    "Will be blocked by {week_ahead}",
                    "seats with overage off, according to the forecast",
                ),
                figure(
                    "blocked_later_seats",
                    "Likely to be blocked this month",
                    "additional seats, later in {month}",
                ),
            ),
            Chart(
                name="overage_fan",
                title="This month's overage, day by day",
                window="USD since the 1st of {month}; reported up to {as_of}, then forecast",
                source="overage_outlook_daily",
                definition="overage_p80_usd",
                query=FAN,
                note="The month has a 20 % chance of ending below the 60 % range and a 20 % chance "
                "of ending above it, so it is 80 % sure to stay below the top of that range.",
                empty="No forecast yet: it needs two weeks of reports.",
                spec=spend_charts.fan(),
            ),
            Chart(
                name="overage_months",
                title="Overage by month, with the forecast for this month",
                window="USD; this month up to {as_of}, with expected total and range",
                source="overage_outlook",
                definition="overage_p80_usd",
                query=MONTHS,
                date="usage_month",
                spec=spend_charts.range_of_the_month(),
            ),
            Chart(
                name="exhaustion",
                title="When allowances are used up",
                window="seats by day in {month}; past days as reported, future days from the "
                "median forecast",
                source="overage_risk",
                definition="exhaustion_date",
                query=CALENDAR,
                empty="No seat has used up its allowance this month or is expected to.",
                spec=spend_charts.exhaustion(),
            ),
            Table(
                name="what_if",
                title="What if overage were off, or had a different cap?",
                window="all of {month}, if the setting changes tomorrow; caps in credits per seat",
                source="overage_what_if",
                query=WHAT_IF,
                columns=[
                    Column("account_id", "Account", "name"),
                    Column("setting", "Overage", source="overage_what_if.scenario"),
                    Column("expected_overage_usd", "Expected overage", "cents"),
                    Column("overage_p80_usd", "Stays below (80 % sure)", "cents"),
                    Column("blocked_seats", "Blocked seats, including capped ones", "tenths"),
                    Column("unmet_credits", "Unmet credits", "credits"),
                ],
                empty="No forecast yet: it needs two weeks of reports.",
            ),
            Table(
                name="blocked",
                title="Blocked now or soon",
                window="{month}; overage is off, so work stops when the allowance is used up",
                source="overage_risk",
                query=BLOCKED,
                columns=[
                    *WHO,
                    Column(
                        "blocked",
                        "Blocked",
                        "name",
                        definition="Now, or the day by which the allowance will be used up.",
                    ),
                    Column("unmet_demand_credits", "Unmet credits", "credits"),
                    *CREDITS,
                ],
                empty="No seat with overage off is blocked or likely to be blocked this month.",
            ),
            Table(
                name="at_risk",
                title="Heading into overage",
                window="{month}; overage is on, so credits beyond the allowance are charged",
                source="overage_risk",
                query=AT_RISK,
                columns=[
                    *WHO,
                    Column("risk_band", "Risk"),
                    Column("expected_overage_usd", "Expected overage", "cents"),
                    Column("overage_cap", "Cap", "credits"),
                    Column("probability_over_cap", "Chance of reaching the cap", "share"),
                    *CREDITS,
                ],
                empty="No seat with overage on is expected to exceed its allowance this month.",
            ),
            *costs.BLOCKS,
            *forecast_quality.BLOCKS,
        ],
    )
