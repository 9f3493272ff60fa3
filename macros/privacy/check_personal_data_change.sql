{% macro check_personal_data_change(held, wanted) -%}
    {%- set is_other_key = (
        held['mode'] == wanted['mode'] and held['key_check'] != wanted['key_check']
    ) -%}
    {%- set is_laxer = is_other_key or (
        held['mode'] != wanted['mode']
        and (held['mode'] == 'pseudonym' or (held['mode'] == 'none' and wanted['mode'] == 'clear'))
    ) -%}
    {%- if is_laxer and not var('reload_reports') -%}
        {%- if is_other_key -%}
            {%- set finding = (
                "DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY differs from the key that the database was "
                ~ "built with, so every id would change. Set the original key"
            ) -%}
        {%- else -%}
            {%- set finding = (
                "The var personal_data is '" ~ wanted['mode'] ~ "', but the database was built "
                ~ "with '" ~ held['mode'] ~ "' and no longer has the original ids or email "
                ~ "addresses. Set '" ~ held['mode'] ~ "'"
            ) -%}
        {%- endif -%}
        {{ exceptions.raise_compiler_error(
            finding ~ ", or reload the mirror, which loses the rows of deleted files: "
            ~ ".venv/bin/dbt build --vars '{reload_reports: true, personal_data: "
            ~ wanted['mode'] ~ "}'"
        ) }}
    {%- endif -%}
{%- endmacro %}
