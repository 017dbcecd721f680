

with arrived as (
    select
        cast(order_id as integer) as order_id,
        cast(ordered_at as timestamp) as ordered_at,
        customer,
        cast(product_id as integer) as product_id,
        cast(quantity as integer) as quantity,
        _source_file,
        _source_row,
        _batch_id
    -- the rows that this model has not taken in yet; the first time, all of them
    from (select * from "_strata_feed"."bronze__raw_orders" where _change_batch > 0 /* the batch that was taken in last */ and _change <> 'moved') as "raw_orders"
)

-- an order that comes again replaces the one that came before
select
    arrived.order_id,
    arrived.ordered_at,
    arrived.customer,
    arrived.product_id,
    arrived.quantity,
    cast(arrived.quantity * products.price as decimal(12, 2)) as amount,
    arrived._batch_id
from arrived
left join "silver"."products" as products on products.product_id = arrived.product_id
qualify row_number() over (partition by arrived.order_id order by _batch_id desc, _source_file desc, _source_row desc) = 1
