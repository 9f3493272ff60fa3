{% macro total_of_states(states, amount) -%}
    sum(
            case
                when seat_state in {{ states }} then {{ amount }}
                when {{ amount }} is not null then 0
            end
        )
{%- endmacro %}
