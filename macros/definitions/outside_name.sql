{#- Tables use parentheses for totals and unknown values, and two rows would share the name. -#}
{% macro outside_name(name) -%}
    case
        when {{ name }} like '(%)' and {{ name }} <> '(e-mail)' then '"' || {{ name }} || '"'
        else {{ name }}
    end
{%- endmacro %}
