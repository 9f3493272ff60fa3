"""Spend, expected overage, blocked seats, and the quality of the forecast."""

from __future__ import annotations

from .. import charts
from ..blocks import SEAT, SEAT_COLUMNS, Chart, Column, Numbers, Section, Table
from ..charts import Colors
from ..headlines import figure, figures
from . import spend_charts
from .answers import CERTAINTY, answer

# The forecast's range starts where the past days end.
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
        forecast_credits_p50,
        format(
            '{{:,.0f}}\u00a0–\u00a0{{:,.0f}}',
            forecast_credits_p10::double,
            forecast_credits_p90::double
        ) as forecast_range,
        probability_over_allowance,
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
ACCURACY = """
    select
        case method
            when 'forecast' then 'this forecast'
            when 'linear_pace' then 'pace so far'
            else 'same as last month'
        end as method,
        origin_day,
        forecasts,
        wape,
        bias,
        coverage_80,
        brier_score,
        overage_wape,
        overage_coverage_80
    from overage_forecast_accuracy
    order by origin_day, overage_forecast_accuracy.method
"""

RELIABILITY = """
    select
        format(
            '{:.0f} to {:.0f} %', probability_from * 100, probability_to * 100
        ) as probability,
        forecasts,
        predicted_share,
        observed_share
    from overage_forecast_reliability
    order by probability_from
"""

CHARGEBACK = """
    select
        usage_month,
        cost_center,
        cost_source,
        seats,
        subscription_cost_usd,
        overage_cost_usd,
        other_cost_usd,
        total_cost_usd
    from chargeback_monthly
    order by usage_month desc, total_cost_usd desc, cost_center, cost_source
"""
BY_SOURCE = """
    select
        usage_month,
        sum(subscription_cost_usd) as subscriptions,
        sum(overage_cost_usd) as overage,
        sum(other_cost_usd) as other
    from chargeback_monthly
    group by usage_month
"""
BILL = """
    select *
    from bill_reconciliation
    order by usage_month desc, account_id
"""
COSTS = {"subscriptions": "#0072b2", "overage": "#e69f00", "other": "#9aa0a6"}

WHO = [*SEAT_COLUMNS, Column("exhaustion_date", "Used up on", "date")]
CREDITS = [
    Column("credits_used_month", "Credits so far", "credits"),
    Column("monthly_allowance", "Allowance", "credits"),
    Column("forecast_credits_p50", "Forecast", "credits"),
    Column(
        "forecast_range",
        "Range",
        "name",
        definition="The month's credits have an 80 % chance of ending within this range.",
    ),
    Column("probability_over_allowance", "Chance of going over", "share"),
]


def section(colors: Colors) -> Section:
    """Return the tab for spend and overage."""
    return Section(
        name="spend",
        title="Spend and overage",
        question="What does Kiro cost, who will run into overage or be blocked, and how certain is "
        "that?",
        blocks=[
            figures(
                figure("overage_to_date_usd", "Overage so far", "{month} up to {as_of}"),
                figure(
                    "overage_usd",
                    "Expected overage",
                    "all of {month}",
                    compared="{month_before}",
                ),
                figure("overage_p80_usd", "Stays below (8 in 10)", "all of {month}"),
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
                    "seats with overage off, by the forecast",
                ),
                figure(
                    "blocked_later_seats",
                    "Likely to be blocked this month",
                    "more seats, later in {month}",
                ),
            ),
            Numbers(
                CERTAINTY,
                [
                    answer(
                        "certainty",
                        "How certain is that?",
                        "overage_forecast_accuracy.overage_wape",
                    )
                ],
            ),
            Chart(
                name="cost_months",
                title="Cost by month",
                window="USD; from the bill if there is one, else from list prices and reported "
                "overage",
                source="chargeback_monthly",
                definition="cost_source",
                query=BY_SOURCE,
                date="usage_month",
                spec={
                    "height": 240,
                    "transform": [{"fold": list(COSTS), "as": ["kind", "cost_usd"]}],
                    "mark": {"type": "bar"},
                    "encoding": {
                        "x": charts.month("usage_month"),
                        "y": charts.amount("cost_usd", "USD", "$,.0f", aggregate="sum"),
                        "color": charts.color("kind", COSTS),
                        "tooltip": [
                            charts.tip("usage_month", "Month", "%b %Y", "temporal"),
                            charts.tip("kind", "Kind", kind="nominal"),
                            charts.tip("cost_usd", "Cost", "$,.2f", aggregate="sum"),
                        ],
                    },
                },
            ),
            Chart(
                name="overage_fan",
                title="This month's overage, day by day",
                window="USD since the 1st of {month}; reported up to {as_of}, then forecast",
                source="overage_outlook_daily",
                definition="overage_p80_usd",
                query=FAN,
                note="There is a 60 % chance of ending in the dark band, an 80 % chance of ending "
                "in one of the bands, and an 80 % chance of ending below the top of the dark one.",
                empty="No forecast yet: it needs two weeks of reports.",
                spec=spend_charts.fan(),
            ),
            Chart(
                name="overage_months",
                title="Overage by month, with the forecast for this month",
                window="USD; this month up to {as_of}, with its expected end and range",
                source="overage_outlook",
                definition="overage_p80_usd",
                query=MONTHS,
                date="usage_month",
                spec=spend_charts.range_of_the_month(),
            ),
            Chart(
                name="exhaustion",
                title="When allowances are used up",
                window="seats by day of {month}; past days as reported, future days by the median "
                "forecast",
                source="overage_risk",
                definition="exhaustion_date",
                query=CALENDAR,
                empty="No seat has used up its allowance this month or is forecast to.",
                spec=spend_charts.exhaustion(),
            ),
            Table(
                name="what_if",
                title="What if overage were off, or had a different cap?",
                window="all of {month}, settings from tomorrow on; caps in credits per seat",
                source="overage_what_if",
                query=WHAT_IF,
                columns=[
                    Column("account_id", "Account", "name"),
                    Column("setting", "Overage", source="overage_what_if.scenario"),
                    Column("expected_overage_usd", "Expected cost", "cents"),
                    Column("overage_p80_usd", "Stays below (8 in 10)", "cents"),
                    Column("blocked_seats", "Blocked seats", "tenths"),
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
                empty="No seat with overage off is blocked or likely to be this month.",
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
                    Column("expected_overage_usd", "Expected cost", "cents"),
                    *CREDITS,
                ],
                empty="No seat with overage on is expected to go over its allowance this month.",
            ),
            Table(
                name="chargeback",
                title="Chargeback",
                window="per calendar month",
                source="chargeback_monthly",
                query=CHARGEBACK,
                date="usage_month",
                columns=[
                    Column("usage_month", "Month", "month"),
                    Column("cost_center", "Cost center", "name"),
                    Column("cost_source", "By"),
                    Column("seats", "Seats", "count"),
                    Column("subscription_cost_usd", "Subscriptions", "cents"),
                    Column("overage_cost_usd", "Overage", "cents"),
                    Column("other_cost_usd", "Other", "cents"),
                    Column("total_cost_usd", "Total", "cents"),
                ],
            ),
            Table(
                name="bill",
                title="The bill compared with the reports",
                window="per calendar month with a bill",
                source="bill_reconciliation",
                query=BILL,
                date="usage_month",
                columns=[
                    Column("usage_month", "Month", "month"),
                    Column("account_id", "Account", "name"),
                    Column("billed_users", "Billed", "count"),
                    Column("reported_users", "Reported", "count"),
                    Column("billed_not_reported_users", "Billed only", "count"),
                    Column("reported_not_billed_users", "Reported only", "count"),
                    Column("billed_subscription_cost_usd", "Subscriptions billed", "cents"),
                    Column("billed_overage_cost_usd", "Overage billed", "cents"),
                    Column("reported_overage_cost_usd", "Overage reported", "cents"),
                    Column("billed_total_cost_usd", "Bill", "cents"),
                ],
                empty="There is no bill. If you provide cost exports (docs/seats.md), this table "
                "compares them with the reports.",
            ),
            Chart(
                name="accuracy",
                title="How far off the forecasts for individual seats were",
                window="your past months, by day of the forecast",
                source="overage_forecast_accuracy",
                definition="wape",
                query=ACCURACY,
                empty="No month has ended yet, so no forecast can be compared with the outcome.",
                spec=spend_charts.accuracy(),
            ),
            Table(
                name="accuracy_list",
                title="Forecast accuracy compared with simple methods",
                window="your past months",
                source="overage_forecast_accuracy",
                query=ACCURACY,
                columns=[
                    Column("origin_day", "Made on day", "count"),
                    Column("method", "Method"),
                    Column("wape", "Error", "share"),
                    Column("bias", "Too high by", "points"),
                    Column("coverage_80", "Within P10 to P90", "share"),
                    Column("brier_score", "Brier score", "score"),
                    Column("overage_wape", "Error, account overage", "share"),
                    Column("overage_coverage_80", "Account overage within P10 to P90", "share"),
                    Column("forecasts", "Forecasts", "count"),
                ],
                empty="No month has ended yet, so no forecast can be compared with the outcome.",
            ),
            Table(
                name="reliability",
                title="How often seats went over their allowance",
                window="your past months, by forecast probability",
                source="overage_forecast_reliability",
                query=RELIABILITY,
                columns=[
                    Column("probability", "Probability"),
                    Column("predicted_share", "Forecast", "share"),
                    Column("observed_share", "Went over", "share"),
                    Column("forecasts", "Forecasts", "count"),
                ],
                note="You can trust a probability if both shares are about the same; a band with "
                "fewer than fifty forecasts says little.",
                empty="No month has ended yet, so no forecast can be compared with the outcome.",
            ),
        ],
    )
