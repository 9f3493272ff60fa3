"""Queries for what changed since last month and in the last week."""

from __future__ import annotations

from .blocks import ALL, by_filters
from .headlines import UNUSED


def model_shares(days: int) -> str:
    """Return a query for each model's share of messages in `days` and the `days` before."""
    messages = by_filters(
        f"""
            coalesce(sum(messages) filter (where activity_date > as_of() - {days}), 0) as messages,
            coalesce(sum(messages) filter (where activity_date <= as_of() - {days}), 0)
                as messages_before
        """,
        "model_mix_daily",
        f"activity_date > as_of() - {2 * days} and activity_date <= as_of()",
        per="model",
    )
    return f"""
        select
            *,
            messages / nullif(sum(messages) over cell, 0) as share,
            messages_before / nullif(sum(messages_before) over cell, 0) as share_before
        from ({messages})
        window cell as (partition by account_id, subscription_tier)
    """


def moved_models(days: int, is_known: str = "true") -> str:
    """Return a query for the models with the three largest share changes, as a phrase per scope."""
    return f"""
        select
            account_id,
            subscription_tier,
            case
                when count(moved) > 0 and {is_known}
                    then coalesce(
                        string_agg(
                            format(
                                '{{}} from {{:.1f}}\u00a0% to {{:.1f}}\u00a0%',
                                model, 100 * share_before, 100 * share
                            ),
                            '; '
                            order by abs(moved) desc, model
                        ) filter (where place <= 3 and abs(moved) >= 0.0005),
                        'as before'
                    )
            end as answer
        from (
            select
                *,
                share - share_before as moved,
                row_number() over (
                    partition by account_id, subscription_tier
                    order by abs(share - share_before) desc nulls last, model
                ) as place
            from ({model_shares(days)})
            where model <> '(unattributed)'
        )
        group by account_id, subscription_tier
    """


def moved_teams(teams: str, unit: str) -> str:
    """Return a query for the three largest changes of any team, and for each team's own change.

    `teams` has the columns team, now and before.
    """
    words = f"format('{{}} from {unit} to {unit}', team, before::double, now::double)"
    return f"""
        select
            coalesce(chosen_team, '{ALL}') as team,
            string_agg({words}, '; ' order by abs(now - before) desc, team)
                filter (where before is not null and now is not null and place <= 3) as answer
        from (
            select
                *,
                shown_team(team) as chosen_team,
                row_number() over (order by abs(now - before) desc nulls last, team) as place
            from ({teams})
        )
        group by grouping sets ((), (chosen_team))
        having grouping(chosen_team) = 1
        union all
        select
            shown_team(team) as team,
            case
                when count(before) = count(*) and count(now) = count(*)
                    then format('from {unit} to {unit}', sum(before)::double, sum(now)::double)
            end as answer
        from ({teams})
        group by shown_team(team)
    """


TEAM_COSTS = """
    select
        team,
        value as now,
        previous_value as before
    from headline_figures
    where
        figure = 'month_cost_usd'
        and account_id = '(all)'
        and subscription_tier = '(all)'
        and team not like '(%)'
        and period_end_date = as_of()
"""
# Teams that are too small to be shown have no row in team_utilization_monthly.
TEAM_MESSAGES = """
    select
        teams.team,
        coalesce(sum(messages) filter (where activity_date > as_of() - 7), 0) as now,
        case
            when not exists (select * from week_gaps)
                then coalesce(sum(messages) filter (where activity_date <= as_of() - 7), 0)
        end as before
    from seat_usage_daily
    inner join (select user_id, any_value(team) as team from user_teams group by user_id) as teams
        on seat_usage_daily.user_id = teams.user_id
    where
        activity_date > as_of() - 14
        and activity_date <= as_of()
        and teams.team in (select team from team_utilization_monthly where team not like '(%)')
    group by teams.team
"""
# The page says in words whether the weeks are comparable.
WEEK_COMPARED = f"""
    select '{ALL}' as account_id, null as answer
    union all
    select account_id, null as answer from shown_accounts
"""
CREDITS = by_filters(
    ",".join(
        f"""
            case
                when coalesce(sum(seats_with_unknown_{name}) filter (where {when}), 0) = 0
                    then sum({name}_used) filter (where {when})
            end as {name}{suffix}
        """
        for name in ("credits", "overage_credits")
        for suffix, when in (
            ("", "activity_date > as_of() - 7"),
            ("_all_before", "activity_date <= as_of() - 7"),
        )
    ),
    "usage_daily",
    "activity_date > as_of() - 14 and activity_date <= as_of()",
)
# The weeks are not compared if a file is missing from either one.
CREDIT_WEEKS = f"""
    select
        *,
        case when not is_incomplete then credits_all_before end as credits_before,
        case when not is_incomplete then overage_credits_all_before end as overage_credits_before
    from (
        select *, account_id in (select account_id from week_gaps) as is_incomplete
        from ({CREDITS})
    )
"""
UNUSED_SINCE = f"""
    {UNUSED}
    and last_active_date between as_of() - 36 and as_of() - 30
"""
SEAT_WEEKS = by_filters(
    f"""
        case
            when count(activated_date) > 0
                then count(*) filter (where activated_date > as_of() - 7)
        end as activated_seats,
        case
            when count(activated_date) > 0
                then count(*) filter (
                    where activated_date > as_of() - 14 and activated_date <= as_of() - 7
                )
        end as activated_seats_before,
        count(*) filter (where {UNUSED_SINCE}) as unused_since_seats,
        sum(monthly_price_usd) filter (where {UNUSED_SINCE}) as unused_since_cost_usd
    """,
    "license_utilization",
    "seat_state not in ('pending', 'cancelled') and coalesce(is_billed, true)",
    by_team=True,
)
BLOCKED_SINCE = by_filters(
    """
        count(*) filter (
            where
            risk_kind = 'blocked' and risk_band = 'breached' and exhaustion_date > as_of() - 7
        ) as blocked_since_seats
    """,
    "overage_risk",
    by_team=True,
)
