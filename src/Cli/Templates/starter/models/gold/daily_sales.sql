select
    cast(orders.ordered_at as date) as sales_date,
    products.category,
    count(*) as orders,
    {{ money("sum(orders.amount)") }} as revenue
from {{ ref "orders" }} as orders
join {{ ref "products" }} as products on products.product_id = orders.product_id
where orders.ordered_at >= date '{{ var "opening_day" }}'
group by 1, 2
order by sales_date, category
