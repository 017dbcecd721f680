
select o.id, o.amount, o._change from (select * from "_strata_feed"."silver__base" where _change_batch > 0 /* the batch that was taken in last */ and _change <> 'moved') as o
 where _change <> 'delete' 
