{% macro known_list_columns(meanings=none) -%}
    {%- set names = [] -%}
    {%- for meaning in meanings or setting('list_columns') -%}
        {%- for name in setting('list_columns')[meaning] -%}
            {%- do names.append(modules.re.sub('[^a-z0-9]', '', name | lower)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
