{{ config unique_key: ["event_date", "page"] }}

-- Purchases without a page count under '(none)', so that the pages of a day add up to its purchases.
select
    event_date,
    coalesce(page, '(none)') as page,
    count(*) as purchase_count,
    {{ run_instant }} as updated_at
from {{ ref "silver_events" }}
where event_type = 'purchase'
group by event_date, coalesce(page, '(none)')
