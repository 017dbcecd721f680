{{ config(
    materialized: "incremental", incremental_strategy: "microbatch",
    event_time: "ordered_at", batch_size: "month", begin: "2025-01-01"
) }}
select order_id, ordered_at, cast(amount as integer) as amount from {{ ref "orders" }}
