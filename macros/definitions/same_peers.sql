{#-
    Join condition: outcomes are those of a seat's closest peers: alike in recency and pace by rank
    1, in recency by rank 2. Equalities only, as engines look nothing else up.
-#}
{% macro same_peers(seats, outcomes) -%}
    {{ seats }}.origin_day = {{ outcomes }}.origin_day
    and {{ seats }}.usage_month = {{ outcomes }}.usage_month
    and {{ seats }}.peer_rank = {{ outcomes }}.peer_rank
    and case when {{ seats }}.peer_rank <= 2 then {{ seats }}.recency else 'any' end
    = {{ outcomes }}.recency
    and case when {{ seats }}.peer_rank = 1 then {{ seats }}.pace else 'any' end
    = {{ outcomes }}.pace
{%- endmacro %}
