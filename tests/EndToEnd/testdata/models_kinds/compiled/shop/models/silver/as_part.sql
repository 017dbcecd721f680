
select id, amount from "silver"."as_view"
