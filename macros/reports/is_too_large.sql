{% macro is_too_large(size_bytes) -%}
    {{ size_bytes }} > {{ setting('maximum_file_megabytes') }} * 1e6
{%- endmacro %}
