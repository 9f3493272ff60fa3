{#- The lists of people that count: the newest of each folder. -#}
{% macro current_list_files() -%}
    select * exclude (recency)
    from ({{ list_files() }}) as lists
    where recency = 1
{%- endmacro %}
