{{ read = @ref }}
select * from {{ read "orders" }}
