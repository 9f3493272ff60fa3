"""How many people work with Kiro, who comes back, and which clients they use."""

from __future__ import annotations

from ..blocks import Chart, Number, Numbers, Section
from ..charts import Colors
from ..headlines import WEEK_BEFORE, figure, figures
from . import adoption_charts

# A sum across accounts is unknown if any account's value is unknown.
FACTS = """
    select
        case when grouping(account) = 1 then '(all)' else account end as account_id,
        case when count(daily_active_users) = count(*) then sum(daily_active_users) end
            as daily_active_users,
        case when count(monthly_active_users) = count(*) then sum(monthly_active_users) end
            as monthly_active_users,
        case
            when count(stickiness) = count(*)
                then sum(daily_active_users) / sum(monthly_active_users)
        end as stickiness
    from (select *, shown_account(account_id) as account from adoption_daily)
    where activity_date = as_of()
    group by grouping sets ((), (account))
"""
DAYS = """
    select
        shown_account(account_id) as account_id,
        activity_date,
        sum(daily_active_users) as daily,
        sum(weekly_active_users) as weekly,
        sum(monthly_active_users) as monthly
    from adoption_daily
    where activity_date > as_of() - 371
    group by all
"""
NEW = """
    select
        shown_account(account_id) as account_id,
        week_until(activity_date) as week,
        sum(new_users) as new_users
    from adoption_daily
    where activity_date > as_of() - 371
    group by all
    having sum(new_users) is not null
"""
RETENTION = """
    select
        cohort_week,
        weeks_since,
        cohort_users,
        retained_users,
        retention
    from retention_weekly
    where
        retention is not null
        and cohort_week > as_of() - 7 * 27
"""
CLIENTS = """
    select
        shown_account(account_id) as account_id,
        subscription_tier,
        week_until(activity_date) as week,
        client_type,
        sum(messages) as messages
    from model_mix_daily
    where activity_date > as_of() - 371
    group by all
    having sum(messages) > 0
"""
OVERLAP = """
    select
        account_id,
        usage_month,
        client_type,
        case clients_used when 1 then 'one' when 2 then 'two' else 'three or more' end as clients,
        sum(users) as users
    from (select * replace (shown_account(account_id) as account_id) from client_overlap_monthly)
    where {}
    group by all
"""
CLIENTS_PER_USER = OVERLAP.format("client_type = '(any)'")
CLIENTS_BESIDE = OVERLAP.format(
    "client_type <> '(any)' and usage_month = (select max(usage_month) from client_overlap_monthly)"
)


def section(colors: Colors) -> Section:
    """Return the adoption section."""
    return Section(
        name="adoption",
        title="Adoption",
        question="How many people work with Kiro, and do they come back?",
        blocks=[
            figures(
                figure(
                    "weekly_active_users",
                    "Active in 7 days",
                    "7 days up to {as_of}",
                    compared=WEEK_BEFORE,
                )
            ),
            Numbers(
                FACTS,
                [
                    _active("daily_active_users", "Active on the last day", "count", "{as_of}"),
                    _active(
                        "monthly_active_users",
                        "Active in 28 days",
                        "count",
                        "28 days up to {as_of}",
                    ),
                    _active("stickiness", "Daily / monthly users", "share", "{as_of}"),
                ],
            ),
            Chart(
                name="active_users",
                title="Daily, weekly and monthly active users",
                window="windows of 1, 7 and 28 days up to each day",
                source="adoption_daily",
                definition="monthly_active_users",
                query=DAYS,
                date="activity_date",
                note="Summed across accounts, so a person who works in two accounts is counted "
                "twice. A gap means that reports for the day are missing.",
                spec=adoption_charts.active_users(),
            ),
            Chart(
                name="new_users",
                title="New users",
                window="7-day weeks that end on the same weekday as {as_of}",
                source="adoption_daily",
                definition="new_users",
                query=NEW,
                date="week",
                empty="Not known yet: identifying new users takes 28 days of history.",
                spec=adoption_charts.new_users(),
            ),
            Chart(
                name="client_mix",
                title="Messages by client",
                window="7-day weeks that end on the same weekday as {as_of}",
                source="model_mix_daily",
                definition="client_type",
                query=CLIENTS,
                date="week",
                spec=adoption_charts.messages_by_client(colors.clients),
            ),
            Chart(
                name="clients_per_user",
                title="Clients per person",
                window="by calendar month; the last month up to {as_of}",
                source="client_overlap_monthly",
                definition="clients_used",
                query=CLIENTS_PER_USER,
                date="usage_month",
                note="Summed across accounts, so a person who works in two accounts is counted "
                "twice.",
                spec=adoption_charts.clients_per_user(),
            ),
            Chart(
                name="client_overlap",
                title="Clients used together",
                window="{month} up to {as_of}",
                source="client_overlap_monthly",
                definition="users",
                query=CLIENTS_BESIDE,
                note="A person who uses several clients appears in each client's bar.",
                spec=adoption_charts.clients_beside(),
            ),
            Chart(
                name="retention",
                title="Who came back",
                window="share of each week's new users who came back, by weeks since the first one",
                source="retention_weekly",
                definition="retention",
                query=RETENTION,
                date="cohort_week",
                note="A week is blank if reports are missing or if the week is not over yet.",
                empty=(
                    "No cohort yet. People first seen in the first 28 days of history may have "
                    "started earlier, and a cohort needs one full week after those days."
                ),
                spec=adoption_charts.retention(),
            ),
        ],
    )


def _active(column: str, label: str, kind: str, window: str) -> Number:
    return Number(column, label, kind, window, f"adoption_daily.{column}")
