{{ config materialized: "incremental" incremental_strategy: "microbatch" event_time: "happened_at" batch_size: "week" begin: 2025 }}

select id, happened_at from {{ ref "events" }}
