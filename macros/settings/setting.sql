{#-
    Models are parsed before `check_settings` runs, and a value of the wrong kind would end in an
    error that names no var.
-#}
{% macro setting(name) -%}
    {%- do check_setting(name, var(name)) -%}
    {{ return(var(name)) }}
{%- endmacro %}
