{% macro add_missing_column(name, data_type) -%}
    {%- if is_incremental() and not has_column(this, name) -%}
    alter table {{ this }} add column {{ name }} {{ data_type }}
    {%- endif -%}
{%- endmacro %}
