{#- Sum of an amount over the seats in some states: 0 without one, NULL if no amount is known. -#}
{% macro total_of_states(states, amount) -%}
    sum(
            case
                when seat_state in {{ states }} then {{ amount }}
                when {{ amount }} is not null then 0
            end
        )
{%- endmacro %}
