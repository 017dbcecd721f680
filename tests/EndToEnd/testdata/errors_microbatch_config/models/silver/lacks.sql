{{ config materialized: "incremental" incremental_strategy: "microbatch" event_time: "happened_at" }}
select id, happened_at from {{ ref "events" }}
