with

model_messages as (
    select * from {{ ref('base_kiro__model_messages') }}
),

files as (
    select * from {{ ref('stg_kiro__report_files') }}
)

select
    -- ids
    model_messages.file_id,
    model_messages.line_number,

    -- text
    {{ outside_name('model_messages.model') }} as model,

    -- numbers
    model_messages.messages,

    -- dates
    model_messages.activity_date
from model_messages
inner join files
    on model_messages.file_id = files.file_id
where files.is_current
