{% macro current_list_files() -%}
    select * exclude (recency)
    from ({{ list_files() }}) as lists
    where
        recency = 1
        or (list_kind = 'teams' and holds_from is distinct from holds_until)
{%- endmacro %}
