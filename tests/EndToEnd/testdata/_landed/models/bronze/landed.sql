{{ config materialized: "incremental" event_time: "ts" }}
select _source_file, _source_row, id, seq, v, ts from {{ source "landing" "events" }}
