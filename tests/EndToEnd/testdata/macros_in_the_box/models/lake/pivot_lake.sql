select
    day,
    {{ pivot "status" (get_column_values (ref "orders") "status" order_by: "1") prefix: "n_" }}
from {{ ref "orders" }}
group by day
