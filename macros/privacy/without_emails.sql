{#- A text with `(e-mail)` in place of everything that looks like an e-mail address. -#}
{% macro without_emails(text) -%}
    regexp_replace({{ text }}, '[^\s",;<>@]*@[^\s",;<>@]*', '(e-mail)', 'g')
{%- endmacro %}
