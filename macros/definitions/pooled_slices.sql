{% macro pooled_slices(own, wider, keys) -%}
    {%- set group = keys | join(', ') -%}
    select
        {{ group }},
        slices.outcome_no,
        sum(
            cast(
                {{ rounded(
                    'placed.ratio * (least(placed.slice_to, slices.outcome_no)'
                    ~ ' - greatest(placed.slice_from, slices.outcome_no - 1))', 12
                ) }} as decimal(18, 12)
            )
        ) as ratio
    from (
        select
            {{ group }},
            ratio,
            50 * cast((sum(weight) over up_to_here) - weight as double)
            / cast(sum(weight) over whole_group as double) as slice_from,
            50 * cast(sum(weight) over up_to_here as double)
            / cast(sum(weight) over whole_group as double) as slice_to
        from (
            select
                {{ group }},
                ratio,
                coalesce(
                    own_weight,
                    cast(
                        {{ rounded(
                            '2 * coalesce(cast(sum(own_weight) over own_group as double)'
                            ~ ' / nullif(count(own_weight) over own_group, 0), 1)'
                        ) }} as decimal(18, 6)
                    )
                ) as weight
            from (
                select
                    {{ group }},
                    ratio,
                    weight as own_weight
                from {{ own }}
                union all
                select
                    {{ group }},
                    ratio,
                    cast(null as decimal(18, 6)) as own_weight
                from {{ wider }}
            ) as pooled
            window own_group as (partition by {{ group }})
        ) as weighted
        window
            whole_group as (partition by {{ group }}),
            up_to_here as (
                partition by {{ group }}
                order by ratio, weight
                rows between unbounded preceding and current row
            )
    ) as placed
    inner join (select distinct outcome_no from {{ wider }}) as slices
        on
            placed.slice_from < slices.outcome_no
            and placed.slice_to > slices.outcome_no - 1
    group by
        {{ group }},
        slices.outcome_no
{%- endmacro %}
