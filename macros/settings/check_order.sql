{% macro check_order(names) -%}
    {%- for number in range(1, names | length) -%}
        {%- set lower, name = names[number - 1], names[number] -%}
        {%- if var(name) < var(lower) -%}
            {{ exceptions.raise_compiler_error(
                "The var " ~ name ~ " is " ~ var(name) ~ ", and " ~ lower ~ " is " ~ var(lower)
                ~ ". Raise the first or lower the second: values must not decrease in the order "
                ~ names | join(', ') ~ "."
            ) }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
