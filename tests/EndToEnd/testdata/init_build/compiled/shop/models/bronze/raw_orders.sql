

-- a file is read once, in the run that first sees it
select
    order_id,
    ordered_at,
    customer,
    product_id,
    quantity,
    _source_file,
    _source_row,
    _batch_id
from "landing"."orders"
