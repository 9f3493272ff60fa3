{#-
    A text's HMAC-SHA256 under the key in DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY. The plugin
    `private_database` puts the key's two pads into variables; the key itself is in no SQL.
-#}
{% macro pseudonym(text) -%}
    sha256(
        getvariable('pseudonym_outer_pad')
        || unhex(sha256(getvariable('pseudonym_inner_pad') || encode({{ text }})))
    )
{%- endmacro %}
