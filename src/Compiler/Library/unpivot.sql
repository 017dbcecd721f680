{{
## A query that turns columns into rows: field_name holds the column's name, value_name its value cast to cast_to.
   exclude: columns that stay columns; remove: columns that are left out. ##
func unpivot(relation, cast_to = "text", exclude = null, remove = null, field_name = "field_name", value_name = "value")
  $kept = (exclude ?? []) | array.each @string.downcase
  $removed = (remove ?? []) | array.each @string.downcase
  $stay = []
  $turn = []
  for column in columns_of relation
    $key = column.name | string.downcase
    if $kept | array.contains $key
      $stay = $stay << (sql_identifier column.name)
    else if !($removed | array.contains $key)
      $turn = $turn << column.name
    end
  end
  $selects = []
  for name in $turn
    $items = $stay << ("cast(" + (sql_literal name) + " as text) as " + (sql_identifier field_name))
    $items = $items << ("cast(" + (sql_identifier name) + " as " + cast_to + ") as " + (sql_identifier value_name))
    $selects = $selects << ("select\n    " + ($items | array.join ",\n    ") + "\nfrom " + relation)
  end
  ret $selects | array.join "\nunion all\n"
end
}}
