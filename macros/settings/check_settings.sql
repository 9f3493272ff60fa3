{% macro check_settings() -%}
    {%- if execute -%}
        {%- set settings = known_settings() -%}
        {%- set given = {} -%}
        {%- do given.update(adapter.config.vars.to_dict()) -%}
        {#- In dbt_project.yml, vars may also be under the project's name. -#}
        {%- do given.update(given.pop(project_name, {})) -%}
        {%- do given.update(adapter.config.cli_vars) -%}
        {%- if 'people_to_forget' in given -%}
            {{ exceptions.raise_compiler_error(
                "The var people_to_forget no longer exists, because dbt writes vars to its logs. "
                ~ "Instead, list one user id per line in data/people_to_forget.txt or in the file "
                ~ "that KIRO_PEOPLE_TO_FORGET is set to. The next build removes these people, "
                ~ "including from dbt's logs."
            ) }}
        {%- endif -%}
        {%- for name in given if name not in settings -%}
            {{ exceptions.raise_compiler_error(
                "There is no var " ~ name ~ ". Did you mean " ~ most_similar(name, settings)
                ~ "? docs/settings.md lists all vars."
            ) }}
        {%- endfor -%}
        {%- for name in settings -%}
            {%- do check_setting(name, var(name)) -%}
        {%- endfor -%}
        {%- do check_order(
            ['active_seat_days', 'slipping_seat_days', 'idle_seat_days', 'dormant_seat_days']
        ) -%}
        {%- do check_order(
            ['risk_watch_probability', 'risk_likely_probability', 'risk_high_probability']
        ) -%}
    {%- endif -%}
{%- endmacro %}
