{{ config materialized: "incremental" incremental_strategy: "append" }}

-- A file is read once, in the run that first sees it. Fields stay text: whether they make sense is silver's question.
select
    event_id,
    user_id,
    event_type,
    page,
    "timestamp",
    source,
    year,
    month,
    day,
    _source_file,
    _source_row,
    _ingested_at,
    _batch_id,
    _malformed,
    _raw
from {{ source "landing" "events" }}
