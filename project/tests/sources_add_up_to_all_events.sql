-- Every event of silver is in exactly one source of exactly one day.
with gold as (
    select event_date, sum(event_count) as events
    from {{ ref "events_per_source_daily" }}
    group by event_date
),

silver as (
    select event_date, count(*) as events
    from {{ ref "silver_events" }}
    group by event_date
)

select coalesce(gold.event_date, silver.event_date) as event_date, gold.events as gold_events, silver.events as silver_events
from gold
full join silver on silver.event_date = gold.event_date
where gold.events is null or silver.events is null or gold.events <> silver.events
