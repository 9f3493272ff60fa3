{#- Whether a file is larger than the var `maximum_file_megabytes` allows, and is not to be read. -#}
{% macro is_too_large(size_bytes) -%}
    {{ size_bytes }} > {{ setting('maximum_file_megabytes') }} * 1e6
{%- endmacro %}
