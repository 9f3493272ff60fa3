{#-
    P80 of a sum over seats. Seats miss their means each for itself, and all together as months
    differ: both add to the range. `high_mean` is the sum of the means in a month in which everybody
    uses more, `independent_deviation` the root of the sum of the seats' variances.
-#}
{% macro total_p80(mean, high_mean, independent_deviation) -%}
    {{ mean }} + 0.8416 * sqrt(
        {{ independent_deviation }} * {{ independent_deviation }}
        + power(cast({{ high_mean }} - {{ mean }} as double), 2)
    )
{%- endmacro %}
