(select count(*) from {{ ref "orders" }}) as {{ $1 }}
