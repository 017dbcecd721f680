
select o.id, o.amount, o._change from (select *, 'insert' as _change, cast(1 as bigint) as _change_batch from "silver"."base") as o

