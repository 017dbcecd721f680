{{ config materialized: "incremental" incremental_strategy: "insert_overwrite" partition_by: ["day"] }}

select id, seq, op, v, day from {{ source "landing" "events" }}
