{{ config(
    materialized: "incremental", incremental_strategy: "microbatch",
    event_time: "shipped_at", batch_size: "month", begin: "2025-01-01"
) }}
select order_id, ordered_at + interval 40 day as shipped_at from {{ ref "orders" }}
