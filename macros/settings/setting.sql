{#-
    The value of a var that models take apart as they are parsed, which is before `check_settings`:
    a value of another kind would end in an error that names no var.
-#}
{% macro setting(name) -%}
    {%- do check_setting(name, var(name)) -%}
    {{ return(var(name)) }}
{%- endmacro %}
