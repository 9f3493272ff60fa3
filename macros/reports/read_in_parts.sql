{#-
    The query between `call(mirror)` and `endcall` over the files that a variable lists, once for
    every part of them, put together again: DuckDB reads a list of files on one thread, and the
    branches of a union side by side.
-#}
{% macro read_in_parts(variable) -%}
    {%- set parts = 8 -%}
    {%- for part in range(1, parts + 1) %}
    {%- set files = "list_slice(getvariable('" ~ variable ~ "'), " ~ part ~ ", -1, " ~ parts ~ ")" %}
    {{ caller("read_blob(" ~ files ~ ")") }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
