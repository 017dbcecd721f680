{{ config unique_key: ["event_date"] }}

-- Users who did anything at all on the day, by the event's own time (UTC).
select
    event_date,
    count(distinct user_id) as dau_count,
    {{ run_instant }} as updated_at
from {{ ref "silver_events" }}
group by event_date
