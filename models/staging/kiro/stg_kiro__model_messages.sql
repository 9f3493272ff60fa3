select
    -- ids
    file_id,
    line_number,

    -- text
    {{ outside_name('model') }} as model,

    -- numbers
    messages,

    -- dates
    activity_date
from {{ ref('base_kiro__model_messages') }}
