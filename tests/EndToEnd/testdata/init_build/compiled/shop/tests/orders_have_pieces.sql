-- an order without pieces is a mistake of the till: every row that this returns is a failure
select order_id, quantity
from "silver"."orders"
where quantity < 1
