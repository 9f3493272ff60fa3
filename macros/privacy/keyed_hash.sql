{#-
    The plugin `private_database` puts the two pads of each key into variables, so that no SQL
    contains a key.
-#}
{% macro keyed_hash(text, key) -%}
    sha256(
        getvariable('{{ key }}_outer_pad')
        || unhex(sha256(getvariable('{{ key }}_inner_pad') || encode({{ text }})))
    )
{%- endmacro %}
