-- Nothing is lost silently: a landed line is an event, one more arrival of an event, or rejected with a reason.
with counted as (
    select
        (select count(*) from {{ ref "bronze_events" }}) as landed,
        (select coalesce(sum(arrivals), 0) from {{ ref "silver_events" }}) as arrivals,
        (select count(*) from {{ ref "silver_events_rejected" }}) as rejected
)

select *
from counted
where landed <> arrivals + rejected
