{% macro has_column(relation, name) -%}
    {{ return(
        name in adapter.get_columns_in_relation(relation) | map(attribute='name') | list
    ) }}
{%- endmacro %}
