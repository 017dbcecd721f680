{{ config(
    materialized: "incremental", incremental_strategy: "microbatch",
    event_time: "happened_at", batch_size: "day", begin: "2025-01-01"
) }}
select id, happened_at from {{ ref "landed_events" }}
