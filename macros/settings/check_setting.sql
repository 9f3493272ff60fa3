{% macro check_setting(name, value) -%}
    {%- set kind, least, greatest, keys = (known_settings()[name] + [none, none, none])[:4] -%}
    {%- set is_list = value is sequence and value is not string and value is not mapping -%}
    {%- if kind == 'elsewhere' or (kind.endswith('or null') and value is none) -%}
        {{ return('') }}
    {%- elif kind.startswith('a list') -%}
        {%- set values = value if is_list else none -%}
    {%- elif kind.startswith('a mapping') -%}
        {%- set values = value.values() | list if value is mapping else none -%}
    {%- else -%}
        {%- set values = [value] -%}
    {%- endif -%}

    {%- set wrong = ['it'] if values is none or ('one or more' in kind and not values) else [] -%}
    {%- for one in values or [] -%}
        {%- set is_number = (one is integer or one is float) and one is not boolean -%}
        {%- if kind == 'true or false' -%}
            {%- set is_right = one is boolean -%}
        {%- elif kind == 'a mapping of lists' -%}
            {%- set is_right = one is sequence and one is not string and one is not mapping -%}
        {%- elif kind == 'a mapping of strings' -%}
            {%- set is_right = one is string or one is none -%}
        {%- else -%}
            {%- set is_right = (
                is_number
                and ('whole' not in kind or one is integer)
                and (least is none or one >= least)
                and (greatest is none or one <= greatest)
                and one | string != 'inf'
            ) -%}
        {%- endif -%}
        {%- if not is_right -%}
            {%- do wrong.append(one) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if wrong -%}
        {{ exceptions.raise_compiler_error(
            "The var " ~ name ~ " is " ~ value ~ ". Set it to " ~ kind | replace(' or null', '')
            ~ (" from " ~ least if least is not none else "")
            ~ (" to " ~ greatest if greatest is not none else "")
            ~ (", or to null" if kind.endswith('or null') else "")
            ~ ", in dbt_project.yml or with --vars; docs/settings.md explains it."
        ) }}
    {%- endif -%}
    {%- for key in (value if kind == 'a mapping of numbers' else [])
        if not modules.re.fullmatch('all|[0-9]+', key | string) -%}
        {{ exceptions.raise_compiler_error(
            "The var " ~ name ~ " has a value for " ~ key ~ ", which is neither all nor an account: "
            ~ "use all, or an account's 12 digits in quotes."
        ) }}
    {%- endfor -%}
    {%- for key in keys or [] if key not in value -%}
        {{ exceptions.raise_compiler_error(
            "The var " ~ name ~ " lacks " ~ key ~ ". Your value replaces the whole mapping in "
            ~ "dbt_project.yml, so include all of " ~ keys | join(', ') ~ "."
        ) }}
    {%- endfor -%}
{%- endmacro %}
