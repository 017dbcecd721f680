select customer, {{ safe_divide "sum(amount)" "count(*) - 1" }} as share
from {{ ref "orders" }}
{{ group_by 1 }}
