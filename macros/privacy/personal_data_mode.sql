{% macro personal_data_mode() -%}
    {%- set mode = var('personal_data') -%}
    {%- if mode not in ('clear', 'pseudonym', 'none') -%}
        {{ exceptions.raise_compiler_error(
            "The var personal_data is '" ~ mode ~ "'. Choose 'clear' (ids and email addresses), "
            ~ "'pseudonym' (keyed hashes of both) or 'none' (ids, no email address)."
        ) }}
    {%- endif -%}
    {{ return(mode) }}
{%- endmacro %}
