{% macro without_emails(text) -%}
    {#- The expression is slow, and few values contain an address. -#}
    case
        when contains({{ text }}, '@')
            then regexp_replace({{ text }}, '[^\s",;<>@]*@[^\s",;<>@]*', '(e-mail)', 'g')
        else {{ text }}
    end
{%- endmacro %}
