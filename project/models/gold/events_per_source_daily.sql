{{ config unique_key: ["event_date", "source"] }}

select
    event_date,
    source,
    count(*) as event_count,
    {{ run_instant }} as updated_at
from {{ ref "silver_events" }}
group by event_date, source
