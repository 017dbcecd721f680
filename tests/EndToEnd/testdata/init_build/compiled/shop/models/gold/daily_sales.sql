select
    cast(orders.ordered_at as date) as sales_date,
    products.category,
    count(*) as orders,
    cast(sum(orders.amount) as decimal(12, 2)) as revenue
from "silver"."orders" as orders
join "silver"."products" as products on products.product_id = orders.product_id
where orders.ordered_at >= date '2026-11-01'
group by 1, 2
order by sales_date, category
