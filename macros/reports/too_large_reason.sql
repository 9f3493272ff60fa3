{% macro too_large_reason() -%}
    {{ return('the file is larger than the var maximum_file_megabytes allows') }}
{%- endmacro %}
