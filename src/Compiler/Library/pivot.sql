{{
## A select list with one aggregate for each value of a column: sum(case when column = 'value' then 1 else 0 end).
   aggregate: the function; then_value, else_value: SQL; prefix, suffix: around the value in the new name. ##
func pivot(column, values, aggregate = "sum", comparison = "=", prefix = "", suffix = "", then_value = "1", else_value = "0", distinct = false)
  $items = []
  $inner = distinct ? "distinct " : ""
  for value in values
    $condition = column + " " + comparison + " " + (sql_literal value)
    $item = aggregate + "(" + $inner + "case when " + $condition + " then " + then_value + " else " + else_value + " end)"
    $items = $items << ($item + " as " + (sql_identifier (prefix + value + suffix)))
  end
  ret $items | array.join ",\n    "
end
}}
