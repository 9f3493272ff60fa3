{#-
    A name that users or AWS chose, in double quotes if it is in parentheses: so tables mark totals
    and what is unknown, and two rows of a table would share the name. `(e-mail)` marks a name that
    was masked, and nothing else.
-#}
{% macro outside_name(name) -%}
    case
        when {{ name }} like '(%)' and {{ name }} <> '(e-mail)' then '"' || {{ name }} || '"'
        else {{ name }}
    end
{%- endmacro %}
