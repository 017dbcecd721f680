{{ config(
    materialized: "incremental",
    incremental_strategy: "merge",
    unique_key: ["_source_file", "_source_row"]
) }}

-- One row for every landed line that is not an event, with the first reason that applies and the line itself.
select
    _source_file,
    _source_row,
    rejection_reason,
    event_id,
    user_id,
    event_type,
    page,
    landed_timestamp,
    source,
    _raw,
    _ingested_at,
    _batch_id
from {{ changes "silver_events_checked" }}
where _change = 'insert' and rejection_reason is not null
