select ordered_on, revenue from {{ ref "daily" }} order by revenue desc limit 1
