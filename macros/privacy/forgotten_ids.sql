{#- The var `people_to_forget`, checked: bare user ids, or pseudonyms as the tables show them. -#}
{% macro forgotten_ids() -%}
    {%- set people = var('people_to_forget') -%}
    {%- if people is string or people is mapping or people is not iterable -%}
        {{ exceptions.raise_compiler_error(
            "The var people_to_forget is no list. Write it as [<user id>, <user id>]."
        ) }}
    {%- endif -%}
    {%- set ids = [] -%}
    {%- for person in people -%}
        {%- if '@' in person | string -%}
            {{ exceptions.raise_compiler_error(
                "Entry " ~ loop.index ~ " of the var people_to_forget is an e-mail address. List "
                ~ "user ids, as settings end up in logs: select user_id from people where ..."
            ) }}
        {%- elif not modules.re.fullmatch('[0-9A-Za-z._:-]+', person | string) -%}
            {{ exceptions.raise_compiler_error(
                "Entry " ~ loop.index ~ " of the var people_to_forget is no user id: one is made "
                ~ "of letters, digits and . _ : - only."
            ) }}
        {%- endif -%}
        {%- do ids.append(modules.re.sub('^(d-[0-9a-z]+[.]|[0-9a-f]{10}-)', '', person | string | lower)) -%}
    {%- endfor -%}
    {{ return(ids) }}
{%- endmacro %}
