"""Which models the work goes to."""

from __future__ import annotations

from .. import charts
from ..blocks import Chart, Column, Section, Table
from ..charts import Colors

# Weeks of seven days that end with the last day known, so that none is incomplete.
WEEKS = """
    select
        shown_account(account_id) as account_id,
        subscription_tier,
        week_until(activity_date) as week,
        shown_model(model) as model,
        sum(messages) as messages
    from model_mix_daily
    where activity_date > as_of() - 7 * 53
    group by all
    having sum(messages) > 0
"""
KINDS = """
    select
        shown_account(account_id) as account_id,
        subscription_tier,
        week_until(activity_date) as week,
        case
            when model = '(unattributed)' then 'not told'
            when model_kind = 'routing' then 'Kiro chose (auto)'
            when model_kind = 'named' then 'person chose'
            else 'not in the catalogue'
        end as kind,
        sum(messages) as messages
    from model_mix_daily
    where activity_date > as_of() - 7 * 53
    group by all
    having sum(messages) > 0
"""
LAST_28_DAYS = """
    select
        shown_account(account_id) as account_id,
        subscription_tier,
        client_type,
        shown_model(model) as model,
        sum(messages) as messages
    from model_mix_daily
    where
        activity_date > as_of() - 28
        and activity_date <= as_of()
    group by all
    having sum(messages) > 0
"""
MODELS = """
    select
        model,
        any_value(vendor) as vendor,
        any_value(credit_multiplier) as credit_multiplier,
        coalesce(sum(messages) filter (where activity_date > as_of() - 28), 0) as messages,
        coalesce(sum(messages) filter (where activity_date > as_of() - 28), 0)
        / nullif(sum(sum(messages) filter (where activity_date > as_of() - 28)) over (), 0)
            as share,
        coalesce(
            sum(messages)
            filter (where activity_date > as_of() - 56 and activity_date <= as_of() - 28),
            0
        )
        / nullif(
            sum(
                sum(messages)
                filter (where activity_date > as_of() - 56 and activity_date <= as_of() - 28)
            ) over (),
            0
        ) as share_before,
        min(activity_date) filter (where messages > 0) as first_seen,
        max(activity_date) filter (where messages > 0) as last_seen
    from model_mix_daily
    group by model
"""
MOVES = f"""
    select
        *,
        share - share_before as change,
        case
            when first_seen > as_of() - 28 then 'new'
            when last_seen <= as_of() - 28 then 'no longer used'
            else ''
        end as news
    from ({MODELS})
    order by messages desc, last_seen desc, model
"""
KIND_COLORS = {
    "Kiro chose (auto)": "#0072b2",
    "person chose": "#e69f00",
    "not in the catalogue": "#cc79a7",
    "not told": "#9aa0a6",
}


def section(colors: Colors) -> Section:
    """Return the section on models."""
    return Section(
        name="models",
        title="Models",
        question="Which models is the work going to, and which grew?",
        blocks=[
            Chart(
                name="model_weeks",
                title="Share of messages by model",
                window="weeks of 7 days that end on the weekday of {as_of}",
                source="model_mix_daily",
                definition="model",
                query=WEEKS,
                date="week",
                spec=_shares_over_time("model", colors.models, "Model"),
            ),
            Chart(
                name="kinds",
                title="Auto or by name",
                window="weeks of 7 days that end on the weekday of {as_of}",
                source="model_mix_daily",
                definition="model_kind",
                query=KINDS,
                date="week",
                spec=_shares_over_time("kind", KIND_COLORS, "Choice"),
            ),
            Chart(
                name="models_by_client",
                title="Models by client",
                window="28 days up to {as_of}",
                source="model_mix_daily",
                definition="messages",
                query=LAST_28_DAYS,
                spec=_shares_by("client_type", "Client", list(colors.clients), colors),
            ),
            Chart(
                name="models_by_tier",
                title="Models by tier",
                window="28 days up to {as_of}",
                source="model_mix_daily",
                definition="messages",
                query=LAST_28_DAYS,
                spec=_shares_by("subscription_tier", "Tier", list(colors.tiers), colors),
            ),
            Table(
                name="moves",
                title="New, growing and retired models",
                window="28 days up to {as_of}, beside the 28 days before",
                source="model_mix_daily",
                query=MOVES,
                note="All accounts and tiers.",
                columns=[
                    Column("model", "Model", "name"),
                    Column("vendor", "Vendor", "name"),
                    Column(
                        "messages",
                        "Messages",
                        "count",
                        definition="Messages of the model in the last 28 days.",
                    ),
                    Column(
                        "share",
                        "Share",
                        "share",
                        definition="Of all messages in the last 28 days.",
                    ),
                    Column(
                        "share_before",
                        "Share before",
                        "share",
                        definition="Of all messages in the 28 days before.",
                    ),
                    Column("change", "Change", "points", definition="Share - share before."),
                    Column(
                        "news",
                        "News",
                        definition="new: first seen in the last 28 days; no longer used: last seen "
                        "before them.",
                    ),
                    Column("credit_multiplier", "Credits, auto = 1", "multiplier"),
                    Column(
                        "first_seen",
                        "First seen",
                        "date",
                        definition="First day with messages of the model.",
                    ),
                    Column(
                        "last_seen",
                        "Last seen",
                        "date",
                        definition="Last day with messages of the model.",
                    ),
                ],
            ),
        ],
    )


def _shares(per: str, field: str, colors: dict[str, str]) -> list[dict]:
    return [
        {
            "aggregate": [{"op": "sum", "field": "messages", "as": "messages"}],
            "groupby": [per, field],
        },
        {
            "joinaggregate": [{"op": "sum", "field": "messages", "as": "all"}],
            "groupby": [per],
        },
        {"calculate": "datum.messages / datum.all", "as": "share"},
        charts.in_order(field, list(colors)),
    ]


def _shares_over_time(field: str, colors: dict[str, str], title: str) -> dict:
    bars = charts.weekly("share", "Share of messages", ".0%")
    bars["encoding"]["y"]["scale"] = {"domain": [0, 1]}
    return {
        "height": 300,
        "transform": [*_shares("week", field, colors), *bars["transform"]],
        "mark": bars["mark"],
        "encoding": {
            **bars["encoding"],
            "color": charts.color(field, colors),
            "tooltip": [
                charts.tip("week", "Week up to", kind="temporal"),
                charts.tip(field, title, kind="nominal"),
                charts.tip("share", "Share", ".1%"),
                charts.tip("messages", "Messages", ","),
            ],
        },
    }


def _shares_by(field: str, title: str, names: list[str], colors: Colors) -> dict:
    return {
        "height": {"step": 34},
        "transform": _shares(field, "model", colors.models),
        "mark": {"type": "bar"},
        "encoding": {
            "y": charts.name(field, sort=names),
            "x": charts.share("share", "Share of messages", stack="zero", scale={"domain": [0, 1]}),
            "color": charts.color("model", colors.models),
            "order": {"field": "rank"},
            "tooltip": [
                charts.tip(field, title, kind="nominal"),
                charts.tip("model", "Model", kind="nominal"),
                charts.tip("share", "Share", ".1%"),
                charts.tip("messages", "Messages", ","),
            ],
        },
    }
