"""Features in the legacy report; shown only if there is a legacy report."""

from __future__ import annotations

from .. import charts
from ..blocks import Chart, Column, Section, Table
from ..charts import Colors

MONTHS = """
    select
        shown_account(account_id) as account_id,
        usage_month,
        replace(feature, '_', ' ') as feature,
        sum(shown) as shown,
        sum(accepted) as accepted
    from feature_acceptance_monthly
    where
        reported
        and acceptance_rate is not null
        and feature in (
            select feature
            from feature_acceptance_monthly
            where acceptance_rate is not null
            group by feature
            order by sum(shown) desc, feature
            limit 10
        )
    group by all
"""
FEATURES = """
    select
        account_id,
        usage_month,
        replace(feature, '_', ' ') as feature,
        shown,
        accepted,
        acceptance_rate
    from feature_acceptance_monthly
    where reported
    order by usage_month desc, account_id, shown desc nulls last, feature
"""


def section(colors: Colors) -> Section:
    """Return the legacy section."""
    return Section(
        name="legacy",
        title="Legacy",
        question="How many suggestions were accepted?",
        shown_if="select * from feature_acceptance_monthly where reported limit 1",
        notes=[
            "The legacy report covers only the command line and the plugin. Its users are a "
            "separate population, so do not add these figures to those on other tabs."
        ],
        blocks=[
            Chart(
                name="acceptance",
                title="Acceptance by feature",
                window="by calendar month; the ten features with the most suggestions",
                source="feature_acceptance_monthly",
                definition="acceptance_rate",
                query=MONTHS,
                date="usage_month",
                spec={
                    "height": 260,
                    "transform": [
                        {
                            "aggregate": [
                                {"op": "sum", "field": "shown", "as": "shown"},
                                {"op": "sum", "field": "accepted", "as": "accepted"},
                            ],
                            "groupby": ["usage_month", "feature"],
                        },
                        {"calculate": "datum.accepted / datum.shown", "as": "rate"},
                    ],
                    "mark": {"type": "line", "point": True},
                    "encoding": {
                        "x": charts.month("usage_month"),
                        "y": charts.share("rate", "Share accepted"),
                        "color": {
                            "field": "feature",
                            "type": "nominal",
                            "title": None,
                            "scale": {"range": [*charts.PALETTE, charts.GREY]},
                        },
                        "tooltip": [
                            charts.tip("usage_month", "Month", "%b %Y", "temporal"),
                            charts.tip("feature", "Feature", kind="nominal"),
                            charts.tip("rate", "Accepted", ".1%"),
                            charts.tip("shown", "Shown", ","),
                        ],
                    },
                },
            ),
            Table(
                name="features",
                title="Features",
                window="per calendar month",
                source="feature_acceptance_monthly",
                query=FEATURES,
                date="usage_month",
                columns=[
                    Column("usage_month", "Month", "month"),
                    Column("account_id", "Account", "name"),
                    Column("feature", "Feature"),
                    Column("shown", "Shown", "count"),
                    Column("accepted", "Accepted", "count"),
                    Column("acceptance_rate", "Share accepted", "share"),
                ],
            ),
        ],
    )
