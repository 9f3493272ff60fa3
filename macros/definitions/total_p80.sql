{% macro total_p80(mean, high_mean, independent_deviation) -%}
    {{ mean }} + 0.8416 * sqrt(
        {{ independent_deviation }} * {{ independent_deviation }}
        + power(cast({{ high_mean }} - {{ mean }} as double), 2)
    )
{%- endmacro %}
