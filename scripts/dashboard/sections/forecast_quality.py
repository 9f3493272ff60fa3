"""How accurate forecasts were in past months."""

from __future__ import annotations

from ..blocks import Chart, Column, Numbers, Table
from . import spend_charts
from .answers import CERTAINTY, answer

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

BLOCKS: list[Numbers | Chart | Table] = [
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
        name="accuracy",
        title="Forecast error for individual seats",
        window="past months, by day of the forecast",
        source="overage_forecast_accuracy",
        definition="wape",
        query=ACCURACY,
        empty="No month with a forecast has ended yet, so there is no outcome to compare with.",
        spec=spend_charts.accuracy(),
    ),
    Table(
        name="accuracy_list",
        title="Forecast accuracy compared with simple methods",
        window="past months",
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
        empty="No month with a forecast has ended yet, so there is no outcome to compare with.",
    ),
    Table(
        name="reliability",
        title="How often seats exceeded their allowance",
        window="past months, by forecast probability",
        source="overage_forecast_reliability",
        query=RELIABILITY,
        columns=[
            Column("probability", "Probability"),
            Column("predicted_share", "Forecast", "share"),
            Column("observed_share", "Went over", "share"),
            Column("forecasts", "Forecasts", "count"),
        ],
        note="You can trust a probability if both shares are about the same. Bands with fewer "
        "than fifty forecasts are not meaningful.",
        empty="No month with a forecast has ended yet, so there is no outcome to compare with.",
    ),
]
