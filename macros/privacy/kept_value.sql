{% macro kept_value(kind, value) -%}
    {%- if kind in ('user_id', 'charged_user_id') and personal_data_mode() == 'pseudonym' -%}
        {{ personal_id(value) }}
    {%- elif kind in ('user_id', 'charged_user_id') -%}
        case
            when regexp_full_match({{ value }}, 'unmatched-[0-9a-f]{16}')
                then {{ keyed_person_id(value) }}
            else {{ personal_id(value) }}
        end
    {%- elif kind == 'email' -%}
        {{ match_key(value) }}
    {%- elif kind == 'line' -%}
        {{ kept_line(value) }}
    {%- elif kind == 'reason' -%}
        {{ kept_reason(value) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error("No rule for personal_data '" ~ kind ~ "'.") }}
    {%- endif -%}
{%- endmacro %}
