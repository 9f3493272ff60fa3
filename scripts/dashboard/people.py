"""The panel of a person's seat, which opens from the lists."""

from __future__ import annotations

from .formats import written
from .reading import PublicTables, plain

# A seat takes about a kilobyte.
SHOWN_SEATS = 2000
PANEL_TABLES = [
    "license_utilization",
    "overage_risk",
    "overage_monthly",
    "recommended_actions",
    "seat_usage_daily",
    "model_mix_monthly",
]
SEATS = """
    select
        page_seats.seat_no,
        page_seats.user_id,
        person(page_seats.user_id) as person,
        page_seats.account_id,
        seats.subscription_tier,
        team_of(page_seats.user_id) as team,
        replace(seats.seat_state, '_', ' ') as seat_state,
        seats.monthly_price_usd,
        seats.activated_date,
        seats.first_active_date,
        seats.last_active_date,
        seats.inactivity_cost_usd,
        risks.credits_used_month,
        coalesce(risks.monthly_allowance, seats.monthly_allowance) as allowance,
        risks.forecast_credits_p50,
        risks.forecast_credits_p10,
        risks.forecast_credits_p90,
        risks.probability_over_allowance,
        risks.overage_enabled,
        actions.action,
        actions.recommended_tier,
        actions.reason,
        actions.evidence,
        actions.confidence,
        actions.confirmed_by,
        actions.missing_sources
    from page_seats
    left join license_utilization as seats
        using (account_id, profile_id, user_id)
    left join overage_risk as risks
        using (account_id, profile_id, user_id)
    left join recommended_actions as actions
        using (account_id, profile_id, user_id)
    where page_seats.seat_no in ({numbers})
    order by page_seats.seat_no
"""
OTHERS = """
    select
        page_seats.seat_no,
        others.account_id,
        others.subscription_tier,
        replace(others.seat_state, '_', ' ') as seat_state
    from page_seats
    inner join license_utilization as others
        on
            page_seats.user_id = others.user_id
            and (page_seats.account_id, page_seats.profile_id)
            <> (others.account_id, others.profile_id)
    where page_seats.seat_no in ({numbers})
    order by all
"""
DAYS = """
    select
        page_seats.seat_no,
        list((as_of() - days.activity_date)::integer order by days.activity_date) as ago,
        list(round(days.credits_used, 1)::double order by days.activity_date) as credits
    from page_seats
    inner join seat_usage_daily as days
        using (account_id, profile_id, user_id)
    where
        page_seats.seat_no in ({numbers})
        and days.activity_date > as_of() - 92
        and days.credits_used > 0
    group by page_seats.seat_no
"""
MONTHS = """
    select
        page_seats.seat_no,
        months.usage_month,
        months.credits_used,
        months.monthly_allowance,
        months.overage_cost_usd,
        months.days_blocked
    from page_seats
    inner join overage_monthly as months
        using (account_id, profile_id, user_id)
    where
        page_seats.seat_no in ({numbers})
        and months.usage_month > as_of() - 370
    order by months.usage_month desc
"""
MODELS = """
    select
        page_seats.seat_no,
        mix.model,
        sum(mix.messages) as messages
    from page_seats
    inner join model_mix_monthly as mix
        using (account_id, profile_id, user_id)
    where
        page_seats.seat_no in ({numbers})
        and mix.usage_month > as_of() - 92
    group by all
    having sum(mix.messages) > 0
    order by messages desc, mix.model
"""
MODELS_OF_A_SEAT = 5


def panels(tables: PublicTables, numbers: set[int], show_people: bool) -> dict[str, dict]:
    """Return the panel's texts by seat number; nothing if a table is missing."""
    if not numbers or not set(PANEL_TABLES) <= tables.names:
        return {}
    listed = ", ".join(str(number) for number in sorted(numbers)[:SHOWN_SEATS])

    def by_seat(query: str) -> dict[int, list[dict]]:
        rows: dict[int, list[dict]] = {}
        for row in tables.rows(query.format(numbers=listed)):
            rows.setdefault(row["seat_no"], []).append(row)
        return rows

    others, days, months, models = map(by_seat, (OTHERS, DAYS, MONTHS, MODELS))
    return {
        str(seat["seat_no"]): {
            "title": seat["person"],
            "id": seat["user_id"] if show_people else None,
            "where": f"{seat['account_id']}, {seat['subscription_tier'] or 'unknown plan'}, "
            f"team {seat['team']}",
            "facts": _facts(seat),
            "advice": _advice(seat),
            "allowance": None if seat["allowance"] is None else float(seat["allowance"]),
            "days": [
                [ago, credits]
                for row in days.get(seat["seat_no"], [])
                for ago, credits in zip(row["ago"], row["credits"], strict=True)
            ],
            "months": [_month(row) for row in months.get(seat["seat_no"], [])],
            "models": [
                [row["model"], written(row["messages"], "count")]
                for row in models.get(seat["seat_no"], [])[:MODELS_OF_A_SEAT]
            ],
            "others": [
                f"{row['account_id']}, {row['subscription_tier'] or 'unknown plan'}, "
                f"{row['seat_state']}"
                for row in others.get(seat["seat_no"], [])
            ],
        }
        for seat, *_ in by_seat(SEATS).values()
    }


def _facts(seat: dict) -> list[list[str]]:
    allowance = written(seat["allowance"], "credits")
    forecast = "not known"
    if seat["forecast_credits_p50"] is not None:
        low, high = (written(seat[f"forecast_credits_p{share}"], "credits") for share in (10, 90))
        forecast = (
            f"{written(seat['forecast_credits_p50'], 'credits')}; 80 % chance of {low} to {high}"
        )
    overage = {True: "on", False: "off", None: "not known"}[seat["overage_enabled"]]
    return [
        ["State", seat["seat_state"] or "–"],
        ["Price per month", written(seat["monthly_price_usd"], "usd")],
        ["Subscribed", written(seat["activated_date"], "date")],
        ["First used", written(seat["first_active_date"], "date")],
        ["Last used", written(seat["last_active_date"], "date")],
        ["Cost since last used", written(seat["inactivity_cost_usd"], "usd")],
        ["Credits this month", f"{written(seat['credits_used_month'], 'credits')} of {allowance}"],
        ["Expected by month end", forecast],
        [
            "Chance of going over the allowance",
            written(seat["probability_over_allowance"], "share"),
        ],
        ["Overage", overage],
    ]


def _advice(seat: dict) -> list[list[str]]:
    if seat["action"] is None:
        return []
    action = seat["action"].replace("_", " ")
    if seat["recommended_tier"]:
        action += f" to {plain(seat['recommended_tier'])}"
    return [
        ["Advice", f"{action}, {seat['confidence']}"],
        ["Why", plain(" ".join(filter(None, (seat["reason"], seat["evidence"]))))],
        ["Confirmed by", seat["confirmed_by"] or "the reports only"],
        ["Not confirmed by", seat["missing_sources"] or "–"],
    ]


def _month(row: dict) -> list[str]:
    return [
        written(row["usage_month"], "month"),
        written(row["credits_used"], "credits"),
        written(row["monthly_allowance"], "credits"),
        written(row["overage_cost_usd"], "cents"),
        written(row["days_blocked"], "count"),
    ]
