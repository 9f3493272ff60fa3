{#- Tables use parentheses for totals and unknown values; without quotes, two rows could share a
name. -#}
{% macro outside_name(name) -%}
    case
        when {{ name }} like '(%)' and {{ name }} <> '(e-mail)' then '"' || {{ name }} || '"'
        else {{ name }}
    end
{%- endmacro %}
