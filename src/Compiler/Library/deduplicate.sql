{{
## A query with one row for each value of partition_by: the first by order_by. Both are SQL, for several columns
   with commas between. ##
func deduplicate(relation, partition_by, order_by)
  ret "select distinct on (" + partition_by + ") *\nfrom " + relation + "\norder by " + partition_by + ", " + order_by
end
}}
