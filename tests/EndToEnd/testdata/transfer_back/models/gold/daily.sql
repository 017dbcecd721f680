{{ config materialized: "incremental" unique_key: "ordered_on" }}
select ordered_on, count(*) as orders, cast(sum(amount) as numeric(12, 2)) as revenue
from {{ ref "orders" }}
group by ordered_on
