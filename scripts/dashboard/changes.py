"""What changed since last month and in the last week, for the page and the digest."""

from __future__ import annotations

from dataclasses import replace

from .blocks import Number, Numbers
from .change_queries import (
    BLOCKED_SINCE,
    CREDIT_WEEKS,
    SEAT_WEEKS,
    TEAM_COSTS,
    TEAM_MESSAGES,
    WEEK_COMPARED,
    moved_models,
    moved_teams,
)
from .headlines import WEEK_BEFORE, again, figure, figures, shown

MONTH_BEFORE = "{month_before}"
NO_FORECAST = "a forecast needs two weeks of reports"
NO_PRICE = "no plan price is known"
NO_ACTIVATION = "no bill or roster says when a seat was activated"
BLANK_CREDITS = "some report rows have blank credits"


def _since_month(name: str, label: str, not_known: str) -> Number:
    """Return a line that compares a headline figure with that of the month before."""
    return again("month", figure(name, label, "", compared=MONTH_BEFORE, not_known=not_known))


def _of_week(row: dict) -> str:
    """Return why a line has no comparison, unless the first line explains it for all lines."""
    return "{line_reason}"


def _since_week(name: str, label: str) -> Number:
    number = figure(name, label, "", compared=WEEK_BEFORE, not_known="{week_reason}")
    return replace(again("week", number), not_compared=_of_week)


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
        _since_month("seats", "Seats", "no source lists any seats"),
        _since_month("used_share", "Seats used", "there are no seats or no reports"),
        _since_month("subscription_cost_usd", "Paid for seats", NO_PRICE),
        _since_month("unused_cost_usd", "Wasted per month", NO_PRICE),
        _since_month("overage_usd", "Expected overage this month", NO_FORECAST),
        _since_month("month_cost_usd", "Expected cost this month", NO_FORECAST),
        _since_month(
            "blocked_or_likely_seats", "Seats blocked or likely to be blocked", NO_FORECAST
        ),
    ),
    Numbers(
        moved_models(28),
        [
            _sentence(
                "month_models",
                "Models, share of messages (28 days)",
                "model_mix_daily.messages",
                "The three models with the largest change in their share of messages: last 28 "
                "days, compared with the 28 days before.",
                "one of the two periods has no messages",
            )
        ],
    ),
    Numbers(
        moved_teams(TEAM_COSTS, "${:,.0f}"),
        [
            _sentence(
                "month_teams",
                "Teams, expected cost",
                "headline_figures.month_cost_usd",
                "The three teams with the largest change in cost: expected for the whole month, "
                "compared with the month before, both at list prices without tax.",
                "{month_reason}",
            )
        ],
    ),
]
SINCE_WEEK = [
    Numbers(
        WEEK_COMPARED,
        [
            Number(
                "week_compared",
                "Comparison",
                "text",
                "",
                "report_delivery.status",
                "Weeks are compared only if every report file for both was delivered.",
                column="answer",
                unknown="{week_gap_reason}",
            )
        ],
    ),
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
                not_compared=_of_week,
                not_known=BLANK_CREDITS,
            )
            for name, label, definition in (
                ("credits", "Credits used", "Credits used in the last 7 days, including overage."),
                (
                    "overage_credits",
                    "Overage credits",
                    "Credits used beyond the allowance in the last 7 days, which cost extra.",
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
                "Seats with a subscription that began in the last 7 days.",
                before="activated_seats_before",
                period=WEEK_BEFORE,
                not_known=NO_ACTIVATION,
            ),
            _since(
                "unused_since_seats",
                "Newly unused seats",
                "license_utilization.last_active_date",
                "Unused seats that were last active 30 to 36 days ago, so a week ago they still "
                "counted as used.",
                detail=_unused_cost,
            ),
        ],
    ),
    Numbers(
        BLOCKED_SINCE,
        [
            _since(
                "blocked_since_seats",
                "Newly blocked seats",
                "overage_risk.exhaustion_date",
                "Seats with overage off that used up their allowance in the last 7 days and are "
                "still blocked.",
            )
        ],
    ),
    Numbers(
        moved_models(7, "account_id not in (select account_id from week_gaps)"),
        [
            _sentence(
                "week_models",
                "Models, share of messages",
                "model_mix_daily.messages",
                "The three models with the largest change in their share of messages: last 7 days, "
                "compared with the 7 days before.",
                "{line_reason}",
            )
        ],
    ),
    Numbers(
        moved_teams(TEAM_MESSAGES, "{:,.0f}"),
        [
            _sentence(
                "week_teams",
                "Teams, messages",
                "seat_usage_daily.messages",
                "The three teams with the largest change in messages: last 7 days, compared with "
                "the 7 days before.",
                "{line_reason}",
            )
        ],
    ),
]
