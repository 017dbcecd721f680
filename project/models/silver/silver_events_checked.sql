{{ config materialized: "incremental" incremental_strategy: "append" }}

-- Every landed line with typed values and, where it is not an event, the reason. silver_events takes the good ones,
-- silver_events_rejected the others: what is decided here is decided once. What is new is what arrived since the last
-- time, whatever its event time, so an event that comes in five days late is found like any other.
with landed as (
    select *
    from {{ changes "bronze_events" }}
    where _change = 'insert'
),

typed as (
    select
        {{ blank_as_null "event_id" }} as event_id,
        {{ blank_as_null "user_id" }} as user_id,
        lower({{ blank_as_null "event_type" }}) as event_type,
        {{ blank_as_null "page" }} as page,
        {{ utc_instant '"timestamp"' }} as event_at,
        lower({{ blank_as_null "source" }}) as source,
        "timestamp" as landed_timestamp,
        _malformed,
        _raw,
        _source_file,
        _source_row,
        _ingested_at,
        _batch_id
    from landed
)

select
    typed.event_id,
    typed.user_id,
    typed.event_type,
    typed.page,
    typed.event_at,
    typed.source,
    case
        when typed._malformed then 'malformed line'
        when typed.event_id is null then 'missing event id'
        when typed.user_id is null then 'missing user'
        when typed.event_type is null or known.event_type is null then 'unknown event type'
        when typed.event_at is null then 'unparsable timestamp'
        when typed.source is null or typed.source not in ('web', 'mobile') then 'unknown source'
    end as rejection_reason,
    case when rejection_reason is not null then typed.landed_timestamp end as landed_timestamp,
    case when rejection_reason is not null then typed._raw end as _raw,
    typed._source_file,
    typed._source_row,
    typed._ingested_at,
    typed._batch_id
from typed
left join {{ ref "event_types" }} as known on known.event_type = typed.event_type
