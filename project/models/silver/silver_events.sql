{{ config(
    materialized: "incremental",
    incremental_strategy: "merge",
    unique_key: ["event_id"],
    merge_update_columns: ["arrivals", "_last_batch_id"],
    event_time: "event_date"
) }}

-- The first arrival of an event wins: a later one is counted and changes nothing else.
with arrived as (
    select *
    from {{ changes "silver_events_checked" }}
    where _change = 'insert' and rejection_reason is null
),

first_arrivals as (
    select
        *,
        count(*) over (partition by event_id) as arrivals,
        max(_batch_id) over (partition by event_id) as _last_batch_id
    from arrived
    qualify row_number() over (partition by event_id order by _batch_id, _source_file, _source_row) = 1
)

select
    new.event_id,
    new.user_id,
    new.event_type,
    new.page,
    new.event_at,
    cast(new.event_at at time zone 'UTC' as date) as event_date,
    new.source,
    {{~ if is_incremental ~}}
    new.arrivals + coalesce(known.arrivals, 0) as arrivals,
    {{~ else ~}}
    new.arrivals,
    {{~ end ~}}
    new._source_file,
    new._source_row,
    new._ingested_at,
    new._batch_id,
    new._last_batch_id
from first_arrivals as new
{{~ if is_incremental ~}}
left join {{ this }} as known on known.event_id = new.event_id
{{~ end ~}}
