{{ config materialized: "table" event_time: "ordered_at" }}
select order_id, ordered_at, amount from {{ ref "raw_orders" }}
