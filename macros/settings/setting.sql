{#-
    Models are parsed before `check_settings` runs, and a value of the wrong type would cause an
    error that does not mention the var.
-#}
{% macro setting(name) -%}
    {%- do check_setting(name, var(name)) -%}
    {{ return(var(name)) }}
{%- endmacro %}
