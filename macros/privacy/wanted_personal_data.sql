{% macro wanted_personal_data() -%}
    {%- if personal_data_mode() != 'pseudonym' -%}
        {{ return({'mode': personal_data_mode(), 'key_check': none, 'rules': 2}) }}
    {%- endif -%}
    {%- set key_check = run_query(
        'select ' ~ pseudonym("'kiro usage analytics'") ~ ' as key_check'
    ).rows[0]['key_check'] -%}
    {%- if key_check is none -%}
        {{ exceptions.raise_compiler_error(
            "The var personal_data is 'pseudonym', which needs a key of at least 16 characters in "
            ~ "the environment variable DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY. Create one with: "
            ~ "openssl rand -hex 32. Every build needs this key: keep it apart from the database."
        ) }}
    {%- endif -%}
    {{ return({'mode': 'pseudonym', 'key_check': key_check, 'rules': 2}) }}
{%- endmacro %}
