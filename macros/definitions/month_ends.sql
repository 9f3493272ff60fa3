{% macro month_ends(seat_origins) -%}
    select
        {{ seat_origins }}.*,
        outcomes.outcomes,
        outcomes.outcome_no,
        {%- for scenario, factor in [('', ''), ('high_', ' * (1 + month_errors.month_error)')] %}
            -- Capped, so that sums do not overflow.
            cast(
                {{ rounded(
                    'least(' ~ seat_origins ~ '.credits_to_date + '
                    ~ seat_origins ~ '.expected_unseen_credits * outcomes.ratio' ~ factor
                    ~ ', 1e11)'
                ) }} as decimal(18, 6)
            ) as {{ scenario }}demand_credits
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ seat_origins }}
    inner join month_errors
        on
            {{ seat_origins }}.origin_day = month_errors.origin_day
            and {{ seat_origins }}.usage_month = month_errors.usage_month
    inner join outcomes
        on {{ same_peers(seat_origins, 'outcomes') }}
{%- endmacro %}
