{#-
    Values rarely contain commas, so the bare line is split at every comma. Any commas between
    quotes (in every second piece) are replaced first.
-#}
{% macro split_report_line(line, bare_line) -%}
    case
        when
            strlen({{ bare_line }}) = strlen({{ line }})
            or not list_contains(
                list_transform(
                    list_slice(string_split({{ line }}, '"'), 2, -1, 2),
                    lambda quoted: contains(quoted, ',')
                ),
                true
            )
            then string_split({{ bare_line }}, ',')
        else
            list_transform(
                string_split(
                    array_to_string(
                        list_transform(
                            range(1, len(string_split({{ line }}, '"')) + 1),
                            lambda position:
                                case
                                    when position % 2 = 0
                                        then replace(
                                            string_split({{ line }}, '"')[position], ',', chr(31)
                                        )
                                    else string_split({{ line }}, '"')[position]
                                end
                        ),
                        ''
                    ),
                    ','
                ),
                lambda field: replace(field, chr(31), ',')
            )
    end
{%- endmacro %}
