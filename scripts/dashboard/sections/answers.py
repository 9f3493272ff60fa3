"""Questions that the page answers in one sentence."""

from __future__ import annotations

from ..blocks import Number
from ..change_queries import model_shares

GROWN = f"""
    select
        account_id,
        subscription_tier,
        case
            when max(share - share_before) > 0
                then format(
                    '{{}} grew the most in 28 days, from {{:.1f}} % to {{:.1f}} % of messages.',
                    max_by(model, share - share_before),
                    100 * max_by(share_before, share - share_before),
                    100 * max_by(share, share - share_before)
                )
            when max(share - share_before) <= 0 then 'None.'
        end as answer
    from ({model_shares(28)})
    where model <> '(unattributed)'
    group by account_id, subscription_tier
"""

# Budget owners ask about totals, and about forecasts made around this day of the month.
CERTAINTY = """
    select
        case
            when count(*) = 0
                then 'Not known yet: no forecast month has ended yet.'
            when max(overage_totals) = 0
                then 'Not known yet: in past months, overage was neither expected nor charged.'
            when max(overage_totals) < 3
                then format(
                    'Too early to say: this takes at least three past account months with overage, '
                    'and there are {} so far.',
                    max(overage_totals)
                )
            when max(overage_wape) is null
                then format(
                    'Overage was expected in {} past account months, and none was charged.',
                    max(overage_totals)
                )
            else format(
                'Over {} past account months, the forecast of day {} missed the overage by '
                '{:.0f} %. {:.0f} of them ended within its 8-in-10 range. Overall, it was {}.',
                max(overage_totals),
                max(origin_day),
                100 * max(overage_wape),
                max(overage_totals) * max(overage_coverage_80),
                case
                    when abs(max(overage_bias)) < 0.005 then 'right'
                    else format(
                        '{:.0f} % too {}',
                        100 * abs(max(overage_bias)),
                        case when max(overage_bias) > 0 then 'high' else 'low' end
                    )
                end
            )
        end as answer
    from (
        select *
        from overage_forecast_accuracy
        where method = 'forecast'
        order by abs(origin_day - day(as_of())), origin_day
        limit 1
    )
"""


def answer(name: str, question: str, source: str, definition: str = "") -> Number:
    """Return the figure whose text is the column `answer` of its query."""
    return Number(
        f"answer_{name}",
        question,
        "text",
        "",
        source,
        definition,
        column="answer",
        unknown="Not known: the reports do not go back far enough, or lack the data.",
        unmatched="Nothing matches the filters.",
    )
