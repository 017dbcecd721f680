
with "__ephemeral__as_part" as (

select id, amount from "silver"."as_view"

)
select * from "__ephemeral__as_part" as "as_part"
