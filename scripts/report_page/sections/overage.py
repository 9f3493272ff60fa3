"""What overage will cost, who runs into it or is blocked, and how good the forecast is."""

from __future__ import annotations

from ..blocks import SEAT, SEAT_COLUMNS, Chart, Column, Number, Numbers, Section, Table
from ..charts import Colors
from . import overage_charts
from .answers import CERTAINTY, answer

OUTLOOK = """
    select *
    from overage_outlook
    where
        team = '(all)'
        or team in (select team from shown_teams)
"""
# The range opens where the days that are over end.
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
            when 'current_settings' then 'as it is set'
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
            '{{:,.0f}} – {{:,.0f}}', forecast_credits_p10::double, forecast_credits_p90::double
        ) as forecast_range,
        probability_over_allowance,
        exhaustion_date,
        unmet_demand_credits,
        expected_overage_usd
"""
AT_RISK = f"""
    select
        {FORECAST}
    from overage_risk
    where
        risk_kind = 'cost'
        and risk_band in ('breached', 'high', 'likely', 'watch')
    order by expected_overage_usd desc nulls last, user_id, account_id, profile_id
"""
BLOCKED = f"""
    select
        case
            when risk_band = 'breached' then 'blocked now'
            when exhaustion_date <= as_of() + 7 then 'within 7 days'
            else 'later this month'
        end as blocked,
        {FORECAST}
    from overage_risk
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
            else 'last month again'
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

WHO = [*SEAT_COLUMNS, Column("exhaustion_date", "Used up on", "date")]
CREDITS = [
    Column("credits_used_month", "Credits so far", "credits"),
    Column("monthly_allowance", "Allowance", "credits"),
    Column("forecast_credits_p50", "Forecast", "credits"),
    Column(
        "forecast_range",
        "Range",
        "name",
        definition="P10 to P90: eight times in ten the month's credits end within it.",
    ),
    Column("probability_over_allowance", "Goes over", "share"),
]


def section(colors: Colors) -> Section:
    """Return the section on overage."""
    return Section(
        name="overage",
        title="Overage",
        question="What will overage cost, who will run into it or be blocked, how sure is that?",
        blocks=[
            Numbers(
                OUTLOOK,
                [
                    _outlook(
                        "overage_to_date_usd", "Overage so far", "usd", "{month} up to {as_of}"
                    ),
                    _outlook("expected_overage_usd", "Overage expected", "usd"),
                    _outlook("overage_p80_usd", "Stays below (8 in 10)", "usd"),
                    _outlook(
                        "worst_case_overage_usd",
                        "If all went to their caps",
                        "usd",
                        "{month}, the most that can come",
                    ),
                    _outlook("budget_usd", "Budget", "usd", unknown="none set"),
                    _outlook("blocked_or_heading_seats", "Blocked or about to be", "count"),
                ],
            ),
            Numbers(
                CERTAINTY,
                [
                    answer(
                        "certainty",
                        "How sure is that?",
                        "overage_forecast_accuracy.overage_wape",
                    )
                ],
            ),
            Chart(
                name="overage_fan",
                title="Overage of this month, day by day",
                window="USD from the 1st of {month} on; reported up to {as_of}, then forecast",
                source="overage_outlook_daily",
                definition="overage_p80_usd",
                query=FAN,
                note="Six times in ten the cost ends in the dark band, eight times in ten in one "
                "of the two, and eight times in ten below the dark one's upper edge, P80.",
                empty="Nothing can be forecast yet: it takes two weeks of reports.",
                spec=overage_charts.fan(),
            ),
            Chart(
                name="overage_months",
                title="Overage by month, and where this month may end",
                window="USD; the last month up to {as_of}, with expected end and P80",
                source="overage_outlook",
                definition="overage_p80_usd",
                query=MONTHS,
                date="usage_month",
                spec=overage_charts.range_of_the_month(),
            ),
            Chart(
                name="exhaustion",
                title="When allowances are used up",
                window="seats by day of {month}; past days as reported, days to come by the median",
                source="overage_risk",
                definition="exhaustion_date",
                query=CALENDAR,
                empty="No seat used up its allowance this month, and none is forecast to.",
                spec=overage_charts.exhaustion(),
            ),
            Table(
                name="what_if",
                title="What if overage were off, or had another cap?",
                window="{month}, whole month; settings from tomorrow on, caps in credits per seat",
                source="overage_what_if",
                query=WHAT_IF,
                columns=[
                    Column("account_id", "Account", "name"),
                    Column("setting", "Overage", source="overage_what_if.scenario"),
                    Column("expected_overage_usd", "Expected cost", "cents"),
                    Column("overage_p80_usd", "Stays below (8 in 10)", "cents"),
                    Column("blocked_seats", "Blocked seats", "tenths"),
                    Column("unmet_credits", "Not met", "credits"),
                ],
                empty="Nothing can be forecast yet: it takes two weeks of reports.",
            ),
            Table(
                name="blocked",
                title="Blocked, or heading there",
                window="{month}; overage is off, work stops when the allowance is used up",
                source="overage_risk",
                query=BLOCKED,
                columns=[
                    *WHO,
                    Column(
                        "blocked",
                        "Blocked",
                        "name",
                        definition="Now, or by the day on which the allowance is used up.",
                    ),
                    Column("unmet_demand_credits", "Not met", "credits"),
                    *CREDITS,
                ],
                empty="Nobody with overage off is blocked or likely to be this month.",
            ),
            Table(
                name="at_risk",
                title="Heading into overage cost",
                window="{month}; overage is on, credits beyond the allowance cost money",
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
            Chart(
                name="accuracy",
                title="How far single seats were missed",
                window="past months of your own, by the day the forecast was made on",
                source="overage_forecast_accuracy",
                definition="wape",
                query=ACCURACY,
                empty="No month is over yet, so no forecast can be held against what came.",
                spec=overage_charts.accuracy(),
            ),
            Table(
                name="accuracy_list",
                title="Forecast accuracy beside the usual methods",
                window="past months of your own",
                source="overage_forecast_accuracy",
                query=ACCURACY,
                columns=[
                    Column("origin_day", "Made on day", "count"),
                    Column("method", "Method"),
                    Column("wape", "Error", "share"),
                    Column("bias", "Too high by", "points"),
                    Column("coverage_80", "Within P10 to P90", "share"),
                    Column("brier_score", "Brier score", "score"),
                    Column("overage_wape", "Account's overage missed by", "share"),
                    Column("overage_coverage_80", "Overage within P10 to P90", "share"),
                    Column("forecasts", "Forecasts", "count"),
                ],
                empty="No month is over yet, so no forecast can be held against what came.",
            ),
            Table(
                name="reliability",
                title="How often seats went over their allowance",
                window="past months of your own, by the probability that was forecast",
                source="overage_forecast_reliability",
                query=RELIABILITY,
                columns=[
                    Column("probability", "Probability"),
                    Column("predicted_share", "Forecast", "share"),
                    Column("observed_share", "Went over", "share"),
                    Column("forecasts", "Forecasts", "count"),
                ],
                note="You can trust a probability where both shares are about the same; a band of "
                "fewer than fifty forecasts says little.",
                empty="No month is over yet, so no forecast can be compared with what happened.",
            ),
        ],
    )


def _outlook(column: str, label: str, kind: str, window: str = "{month}", **more) -> Number:
    return Number(column, label, kind, window, f"overage_outlook.{column}", **more)
