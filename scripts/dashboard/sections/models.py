"""Which models answer, how that changes, and estimated credits per message."""

from __future__ import annotations

from ..blocks import Chart, Column, Numbers, Section, Table
from ..charts import Colors
from ..headlines import WEEK_BEFORE, figure, figures
from . import models_charts
from .answers import GROWN, answer

# Seven-day weeks, counted back from the last known day, so every week is complete.
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
            when model = '(unattributed)' then 'not reported'
            when model_kind = 'routing' then 'chosen by Kiro (auto)'
            when model_kind = 'named' then 'chosen by the user'
            else 'not in the catalog'
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
        max_by(credit_multiplier, activity_date) as credit_multiplier,
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
        mix.*,
        mix.share - mix.share_before as change,
        mix.messages * estimates.credits_per_message as credits,
        case
            when mix.first_seen > as_of() - 28 then 'new'
            when mix.last_seen <= as_of() - 28 then 'no longer used'
            else ''
        end as news
    from ({MODELS}) as mix
    left join model_credit_estimates as estimates
        on
            mix.model = estimates.model
            and estimates.client_type = '(all)'
    order by mix.messages desc, mix.last_seen desc, mix.model
"""
ESTIMATES = """
    select
        model,
        client_type,
        credits_per_message,
        credits_per_message_p25,
        credits_per_message_p75,
        credits_relative_to_auto,
        credit_multiplier,
        users,
        user_days
    from model_credit_estimates
    where credits_per_message is not null
"""
NO_ESTIMATES = (
    "No estimate yet. An estimate needs 30 days, from 5 users, on which one model answered nearly "
    "all messages."
)


def section(colors: Colors) -> Section:
    """Return the models section."""
    return Section(
        name="models",
        title="Models",
        question="Which models are used, and which one grew?",
        blocks=[
            figures(figure("messages", "Messages", "7 days up to {as_of}", compared=WEEK_BEFORE)),
            Numbers(
                GROWN,
                [
                    answer(
                        "grown",
                        "Which model grew?",
                        "model_mix_daily.messages",
                        "Share of messages in the last 28 days, compared with the 28 days before.",
                    )
                ],
            ),
            Chart(
                name="model_weeks",
                title="Share of messages by model",
                window="7-day weeks that end on the same weekday as {as_of}",
                source="model_mix_daily",
                definition="model",
                query=WEEKS,
                date="week",
                spec=models_charts.shares_over_time("model", colors.models, "Model"),
            ),
            Chart(
                name="kinds",
                title="Who chose the model",
                window="7-day weeks that end on the same weekday as {as_of}",
                source="model_mix_daily",
                definition="model_kind",
                query=KINDS,
                date="week",
                spec=models_charts.shares_over_time("kind", models_charts.KIND_COLORS, "Choice"),
            ),
            Chart(
                name="models_by_client",
                title="Models by client",
                window="28 days up to {as_of}",
                source="model_mix_daily",
                definition="messages",
                query=LAST_28_DAYS,
                spec=models_charts.shares_by("client_type", "Client", list(colors.clients), colors),
            ),
            Chart(
                name="models_by_tier",
                title="Models by plan",
                window="28 days up to {as_of}",
                source="model_mix_daily",
                definition="messages",
                query=LAST_28_DAYS,
                spec=models_charts.shares_by(
                    "subscription_tier", "Plan", list(colors.tiers), colors
                ),
            ),
            Chart(
                name="estimates",
                title="Estimated credits per message",
                window="91 days up to {as_of}, all clients",
                source="model_credit_estimates",
                definition="credits_per_message",
                query=f"{ESTIMATES} and client_type = '(all)'",
                note="Estimated from days on which one model answered nearly all messages; the "
                "line covers the middle half of these days. This is not a price: reports contain "
                "credits by day but not by model.",
                empty=NO_ESTIMATES,
                spec=models_charts.ranges(),
            ),
            Table(
                name="estimate_list",
                title="Estimated credits per message, by client",
                window="91 days up to {as_of}",
                source="model_credit_estimates",
                query=f"{ESTIMATES} order by client_type, credits_per_message desc, model",
                empty=NO_ESTIMATES,
                columns=[
                    Column("model", "Model", "name"),
                    Column("client_type", "Client", "name"),
                    Column("credits_per_message", "Estimate", "score"),
                    Column("credits_per_message_p25", "Lower quartile", "score"),
                    Column("credits_per_message_p75", "Upper quartile", "score"),
                    Column("credits_relative_to_auto", "Relative to auto", "score"),
                    Column("credit_multiplier", "As published, auto = 1", "score"),
                    Column("users", "Users", "count"),
                    Column("user_days", "Days", "count"),
                ],
            ),
            Table(
                name="moves",
                title="New, growing and retired models",
                window="28 days up to {as_of}, compared with the 28 days before",
                source="model_mix_daily",
                query=MOVES,
                note="All accounts and plans. Estimated credits do not add up to the credits used: "
                "reports give credits per day, not per model. Kiro publishes the cost of a model "
                "relative to auto, not credits per message.",
                columns=[
                    Column("model", "Model", "name"),
                    Column("vendor", "Vendor", "name"),
                    Column(
                        "messages",
                        "Messages",
                        "count",
                        definition="The model's messages in the last 28 days.",
                    ),
                    Column(
                        "share",
                        "Share",
                        "share",
                        definition="Share of all messages in the last 28 days.",
                    ),
                    Column(
                        "share_before",
                        "Previous share",
                        "share",
                        definition="Share of all messages in the previous 28 days.",
                    ),
                    Column("change", "Change", "points", definition="Share minus previous share."),
                    Column(
                        "credits",
                        "Credits, estimated",
                        "credits",
                        definition="Messages times the model's estimated credits per message.",
                    ),
                    Column(
                        "news",
                        "News",
                        definition="New: first seen in the last 28 days. No longer used: last seen "
                        "before that.",
                    ),
                    Column("credit_multiplier", "As published, auto = 1", "multiplier"),
                    Column(
                        "first_seen",
                        "First seen",
                        "date",
                        definition="First day on which the model answered.",
                    ),
                    Column(
                        "last_seen",
                        "Last seen",
                        "date",
                        definition="Last day on which the model answered.",
                    ),
                ],
            ),
        ],
    )
