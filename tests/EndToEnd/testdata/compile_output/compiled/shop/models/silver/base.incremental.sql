
select * from "silver"."orders"
