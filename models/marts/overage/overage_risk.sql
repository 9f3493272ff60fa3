with

risks as (
    select * from {{ ref('int_seat_risks') }}
)

select * from risks
