select id, {{ surrogate_key ["customer", "status"] }} as order_key
from {{ ref "orders" }}
