{{ config materialized: "view" }}

-- Every landed line with typed values and, where it is not an event, the reason. silver_events takes the good ones,
-- silver_events_rejected the others: what is decided here is decided once.
with typed as (
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
    from {{ ref "bronze_events" }}
)

select
    typed.*,
    case
        when _malformed then 'malformed line'
        when event_id is null then 'missing event id'
        when user_id is null then 'missing user'
        when event_type is null or known.event_type is null then 'unknown event type'
        when event_at is null then 'unparsable timestamp'
        when source is null or source not in ('web', 'mobile') then 'unknown source'
    end as rejection_reason
from typed
left join {{ ref "event_types" }} as known using (event_type)
