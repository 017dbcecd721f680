{{ config(
    materialized: "incremental",
    incremental_strategy: "microbatch",
    event_time: "event_month",
    batch_size: "month",
    begin: "2026-01-01"
) }}

-- Who came on two days is one user of the month, so months cannot be added up from days: each is counted as a whole, and
-- counted again when an event of it comes in, however late.
select
    cast(date_trunc('month', event_date) as date) as event_month,
    count(distinct user_id) as mau_count,
    {{ run_instant }} as updated_at
from {{ ref "silver_events" }}
group by cast(date_trunc('month', event_date) as date)
