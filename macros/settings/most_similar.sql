{% macro most_similar(name, names) -%}
    {%- set best = namespace(name=none, share=-1) -%}
    {%- for other in names -%}
        {%- set pieces = [] -%}
        {%- for word in [name, other] -%}
            {%- for start in range(word | length - 2) -%}
                {%- do pieces.append(word[start:start + 3]) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set distinct = pieces | unique | list | length -%}
        {%- set share = (pieces | length - distinct) / (distinct or 1) -%}
        {%- if share > best.share -%}
            {%- set best.name = other -%}
            {%- set best.share = share -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(best.name) }}
{%- endmacro %}
