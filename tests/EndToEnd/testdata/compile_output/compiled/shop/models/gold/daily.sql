select ordered_on, count(*) as orders, sum(amount) as revenue
from "silver"."orders"
group by ordered_on
