{#- The mode and the key that the database was built with; both none if that is not recorded. -#}
{% macro held_personal_data() -%}
    {%- set recorded = adapter.get_relation(
        target.database, target.schema, 'personal_data_held'
    ) -%}
    {%- if not recorded -%}
        {{ return({'mode': none, 'key_check': none}) }}
    {%- endif -%}
    {%- set held = run_query('select mode, key_check from ' ~ recorded).rows[0] -%}
    {{ return({'mode': held['mode'], 'key_check': held['key_check']}) }}
{%- endmacro %}
