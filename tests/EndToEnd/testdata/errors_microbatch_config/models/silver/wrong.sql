{{ config(
    materialized: "incremental", incremental_strategy: "microbatch",
    event_time: "happened_at", batch_size: "day", begin: "last year"
) }}
select id, happened_at from {{ changes "events" }}
