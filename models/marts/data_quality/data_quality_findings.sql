with

findings as (
    select * from {{ ref('int_delivery_findings') }}
    union all
    select * from {{ ref('int_usage_findings') }}
    union all
    select * from {{ ref('int_list_findings') }}
    union all
    select * from {{ ref('int_team_findings') }}
    union all
    select * from {{ ref('int_charge_findings') }}
    union all
    select * from {{ ref('int_bill_findings') }}
),

advice as (
    select * from {{ ref('finding_advice') }}
)

select
    -- ids
    findings.account_id,

    -- text
    findings.finding,
    findings.severity,
    findings.source,
    findings.example,
    advice.advice,

    -- numbers
    cast(findings.affected as bigint) as affected,

    -- dates
    findings.usage_month
from findings
left join advice
    on findings.finding = advice.finding
