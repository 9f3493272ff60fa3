{#-
    A text's HMAC-SHA256. The plugin `private_database` puts each key's two pads into variables; the
    keys themselves are in no SQL: `pseudonym` is the user's, `id` the one beside the database.
-#}
{% macro keyed_hash(text, key) -%}
    sha256(
        getvariable('{{ key }}_outer_pad')
        || unhex(sha256(getvariable('{{ key }}_inner_pad') || encode({{ text }})))
    )
{%- endmacro %}
