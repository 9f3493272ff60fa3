"""What changed since last month and in the last week: the lines of the page and the digest."""

from __future__ import annotations

from dataclasses import replace

from .blocks import ALL, Number, Numbers, by_filters
from .headlines import WEEK_BEFORE, figure, figures, of_week, shown

MONTH_BEFORE = "{month_before}"
NO_FORECAST = "a forecast needs two weeks of reports"
NO_PRICE = "the price of no plan is known"
NO_ACTIVATION = "no bill or roster says when a seat was activated"
BLANK_CREDITS = "rows of the reports leave credits blank"


def model_shares(days: int) -> str:
    """Return a query of each model's share of messages, now and in as many days before."""
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


def _moved_models(days: int, is_known: str = "true") -> str:
    """Return a query of the three models whose shares moved most, as a sentence per scope."""
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


def _moved_teams(teams: str, unit: str) -> str:
    """Return a query of the three teams that changed most, and of each team, as sentences.

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


# Without tax, which belongs to no team.
TEAM_COSTS = """
    select
        headline_figures.team,
        headline_figures.value as now,
        months_before.subscription_cost_usd + months_before.overage_cost_usd as before
    from headline_figures
    left join team_utilization_monthly as months_before
        on
            headline_figures.team = months_before.team
            and months_before.usage_month = date_trunc('month', as_of()) - interval 1 month
    where
        headline_figures.figure = 'month_cost_usd'
        and headline_figures.account_id = '(all)'
        and headline_figures.subscription_tier = '(all)'
        and headline_figures.team not like '(%)'
        and headline_figures.period_end_date = as_of()
"""
# Groups that are too small to be shown have no row in team_utilization_monthly.
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
# Weeks are not compared if a file of either is missing.
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
UNUSED_SINCE = """
    seat_state in ('dormant', 'stale', 'never_used')
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


def _since_month(name: str, label: str, not_known: str) -> Number:
    """Return a headline figure as a line that compares it with the month before."""
    return replace(
        figure(name, label, "", compared=MONTH_BEFORE),
        name=f"month_{name}",
        column=name,
        not_known=not_known,
    )


def _since_week(name: str, label: str) -> Number:
    return replace(
        figure(name, label, "", compared=WEEK_BEFORE),
        name=f"week_{name}",
        column=name,
        not_known="{week_reason}",
    )


def _sentence(name: str, label: str, source: str, definition: str, reason: str) -> Number:
    return Number(
        name,
        label,
        "text",
        "",
        source,
        definition,
        column="answer",
        unknown=f"not compared: {reason}",
        unmatched="none",
    )


def _since(name: str, label: str, source: str, definition: str, **more) -> Number:
    """Return a count that is not a headline figure, for the last seven days."""
    return Number(
        f"week_{name}",
        label,
        "count",
        "",
        source,
        definition,
        column=name,
        unmatched="0",
        **more,
    )


def _unused_cost(row: dict) -> str:
    return f"{shown(row, 'unused_since_cost_usd')} a month" if row["unused_since_seats"] else ""


SINCE_MONTH = [
    figures(
        _since_month("seats", "Seats", "no source names a seat"),
        _since_month("used_share", "Seats used", "there are no seats, or no reports of them"),
        _since_month("subscription_cost_usd", "Paid for seats", NO_PRICE),
        _since_month("unused_cost_usd", "Wasted per month", NO_PRICE),
        _since_month("overage_usd", "Expected overage this month", NO_FORECAST),
        _since_month("month_cost_usd", "Expected cost this month", NO_FORECAST),
        _since_month(
            "blocked_or_likely_seats", "Seats blocked or likely to be blocked", NO_FORECAST
        ),
    ),
    Numbers(
        _moved_models(28),
        [
            _sentence(
                "month_models",
                "Models, share of messages",
                "model_mix_daily.messages",
                "The three models whose share of messages changed most, in the last 28 days "
                "against the 28 days before.",
                "one of the two periods has no messages",
            )
        ],
    ),
    Numbers(
        _moved_teams(TEAM_COSTS, "${:,.0f}"),
        [
            _sentence(
                "month_teams",
                "Teams: last month charged, this month expected",
                "team_utilization_monthly.subscription_cost_usd",
                "The three teams whose cost changes most: what is expected for the whole month, at "
                "list prices, against what was charged the month before. Without tax, which "
                "belongs to no team.",
                "{month_reason}",
            )
        ],
    ),
]
SINCE_WEEK = [
    figures(
        _since_week("weekly_active_users", "People active"),
        _since_week("messages", "Messages"),
    ),
    Numbers(
        CREDIT_WEEKS,
        [
            _since(
                name,
                label,
                f"usage_daily.{name}_used",
                definition,
                before=f"{name}_before",
                period=WEEK_BEFORE,
                not_compared=of_week,
                not_known=BLANK_CREDITS,
            )
            for name, label, definition in (
                ("credits", "Credits used", "Credits of all clients in the 7 days, with overage."),
                (
                    "overage_credits",
                    "Overage credits",
                    "Credits beyond the allowance in the 7 days, which cost extra.",
                ),
            )
        ],
    ),
    Numbers(
        SEAT_WEEKS,
        [
            _since(
                "activated_seats",
                "Seats activated",
                "license_utilization.activated_date",
                "Seats whose subscription began in the 7 days.",
                before="activated_seats_before",
                period=WEEK_BEFORE,
                not_known=NO_ACTIVATION,
            ),
            _since(
                "unused_since_seats",
                "Seats that became unused",
                "license_utilization.last_active_date",
                "Unused seats whose last active day was 30 to 36 days ago, so that they were "
                "still used a week ago.",
                detail=_unused_cost,
            ),
        ],
    ),
    Numbers(
        BLOCKED_SINCE,
        [
            _since(
                "blocked_since_seats",
                "Seats that became blocked",
                "overage_risk.exhaustion_date",
                "Seats with overage off that used up their allowance in the 7 days and are still "
                "blocked.",
            )
        ],
    ),
    Numbers(
        _moved_models(7, "account_id not in (select account_id from week_gaps)"),
        [
            _sentence(
                "week_models",
                "Models, share of messages",
                "model_mix_daily.messages",
                "The three models whose share of messages changed most, in the last 7 days against "
                "the 7 days before.",
                "{week_reason}",
            )
        ],
    ),
    Numbers(
        _moved_teams(TEAM_MESSAGES, "{:,.0f}"),
        [
            _sentence(
                "week_teams",
                "Teams, messages",
                "seat_usage_daily.messages",
                "The three teams whose messages changed most, in the last 7 days against the 7 "
                "days before.",
                "{week_reason}",
            )
        ],
    ),
]
