{{
## The distinct values of a column, asked of the database when the model is built: the most frequent first.
   order_by, where: SQL; max_records: at most so many; default: what to give when there are none. ##
func get_column_values(relation, column, order_by = "count(*) desc, 1", max_records = null, default = null, where = null)
  $query = "select " + column + " as value from " + relation
  if where != null
    $query = $query + " where " + where
  end
  $query = $query + " group by " + column + " order by " + order_by
  if max_records != null
    $query = $query + " limit " + max_records
  end
  $values = (run_query $query) | array.map "value"
  if ($values | array.size) == 0
    ret default ?? []
  end
  ret $values
end
}}
