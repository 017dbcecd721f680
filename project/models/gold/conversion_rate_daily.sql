{{ config unique_key: ["event_date"] }}

-- The rate counts people, not purchases: who buys twice on a day converts once, so it lies between 0 and 1.
with per_day as (
    select
        event.event_date,
        count(distinct case when kind.is_conversion then event.user_id end) as buyers,
        count(case when kind.is_conversion then 1 end) as total_purchases,
        count(distinct event.user_id) as dau_count
    from {{ ref "silver_events" }} as event
    join {{ ref "event_types" }} as kind on kind.event_type = event.event_type
    group by event.event_date
)

select
    event_date,
    {{ ratio "buyers" "dau_count" }} as conversion_rate,
    total_purchases,
    dau_count,
    {{ run_instant }} as updated_at
from per_day
