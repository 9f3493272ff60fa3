-- A model that is missing from the catalog is counted under its own name, without vendor and
-- family. A warning, because vendors add models: add a row to seeds/model_catalog.csv.
{{ config(severity='warn', meta={'findings': "finding = 'model_is_not_in_the_catalog'"}) }}

select
    model,
    min(activity_date) as first_date,
    sum(messages) as messages
from {{ ref('model_mix_daily') }}
where
    model_kind is null
    and model <> '(unattributed)'
group by model
