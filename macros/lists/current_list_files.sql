{#-
    The lists of people that count: the newest of each folder and, of lists of teams, those that
    hold for an earlier month.
-#}
{% macro current_list_files() -%}
    select * exclude (recency)
    from ({{ list_files() }}) as lists
    where
        recency = 1
        or (list_kind = 'teams' and holds_from is distinct from holds_until)
{%- endmacro %}
