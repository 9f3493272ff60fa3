{% macro earlier_list_files() -%}
    select * exclude (recency, holds_from, holds_until)
    from ({{ list_files() }}) as lists
    where
        recency > 1
        and not {{ is_too_large('size_bytes') }}
        and list_kind in ('roster', 'directory')
        {%- if personal_data_mode() != 'clear' %}
        and false
        {%- endif %}
{%- endmacro %}
