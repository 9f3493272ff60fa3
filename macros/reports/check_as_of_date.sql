{% macro check_as_of_date(first_day, last_day) -%}
    {%- set as_of_date = var('as_of_date') -%}
    {%- if as_of_date -%}
        {%- if not modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', as_of_date | string) -%}
            {{ exceptions.raise_compiler_error(
                "The var as_of_date is '" ~ as_of_date ~ "'. Write it as a date: "
                ~ "--vars '{as_of_date: 2026-05-31}'"
            ) }}
        {%- elif run_query("select try_cast('" ~ as_of_date ~ "' as date)").rows[0][0] is none -%}
            {{ exceptions.raise_compiler_error(
                "The var as_of_date is " ~ as_of_date ~ ", which is not a calendar date."
            ) }}
        {%- elif as_of_date | string < first_day | string -%}
            {{ exceptions.raise_compiler_error(
                "The var as_of_date is " ~ as_of_date ~ ", but the first report is for "
                ~ first_day ~ ", so there is nothing to build. Choose a day up to " ~ last_day ~ "."
            ) }}
        {%- elif as_of_date | string > last_day | string -%}
            {{ exceptions.raise_compiler_error(
                "The var as_of_date is " ~ as_of_date ~ ", but the last report is for "
                ~ last_day ~ ": later days are unknown. Choose that day or an earlier one, or omit "
                ~ "the var to build as of the last report."
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
