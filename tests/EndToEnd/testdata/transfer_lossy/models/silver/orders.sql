select cast(id as integer) as id, cast(ordered_on as date) as ordered_on, cast(amount as decimal(10, 2)) as amount,
    ordered_on::timestamp_ns as seen_at
from {{ ref "raw_orders" }}
