{#- Run before every command: stops at a var that no model knows, and at a value that none can use. -#}
{% macro check_settings() -%}
    {%- if execute -%}
        {%- set settings = known_settings() -%}
        {%- set given = {} -%}
        {%- do given.update(adapter.config.vars.to_dict()) -%}
        {#- dbt_project.yml may also have them under the project's name. -#}
        {%- do given.update(given.pop(project_name, {})) -%}
        {%- do given.update(adapter.config.cli_vars) -%}
        {%- for name in given if name not in settings -%}
            {{ exceptions.raise_compiler_error(
                "There is no var " ~ name ~ ". Did you mean " ~ most_similar(name, settings)
                ~ "? README.md, Settings, lists all."
            ) }}
        {%- endfor -%}
        {%- for name in settings -%}
            {%- do check_setting(name, var(name)) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
