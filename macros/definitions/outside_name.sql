{#-
    A name that users or AWS chose, in double quotes if it is a word that tables use for something
    else, such as the total: two rows of a table would share it.
-#}
{% macro outside_name(name) -%}
    case
        when
            {{ name }} in (
                '(all)', '(any)', '(small groups)', '(unassigned)', '(unknown)', '(unattributed)',
                '(not reported)'
            )
            then '"' || {{ name }} || '"'
        else {{ name }}
    end
{%- endmacro %}
