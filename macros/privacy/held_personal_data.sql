{% macro held_personal_data() -%}
    {%- set recorded = adapter.get_relation(
        target.database, target.schema, 'personal_data_held'
    ) -%}
    {%- if not recorded -%}
        {{ return({'mode': none, 'key_check': none, 'rules': none}) }}
    {%- endif -%}
    {%- set held = run_query('select * from ' ~ recorded).rows[0].dict() -%}
    {{ return({
        'mode': held['mode'], 'key_check': held['key_check'], 'rules': held.get('rules') | int
    }) }}
{%- endmacro %}
