{{ config materialized: "incremental" unique_key: ["order_id", "line"] }}
select * from (values (1, 1, 1, 2.5), (1, 2, 2, 3.5)) as line(order_id, line, customer_id, amount)
