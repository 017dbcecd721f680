{{
## A query with the rows of all relations under each other, matched by column name; a column that a relation
   lacks is null there. source_column_name: a column that names the relation each row is from, or null.
   include, exclude: names of columns (any case). ##
func union_relations(relations, include = null, exclude = null, source_column_name = "_source_relation")
  $wanted = (include ?? []) | array.each @string.downcase
  $hidden = (exclude ?? []) | array.each @string.downcase
  $names = []
  $types = {}
  for relation in relations
    for column in columns_of relation
      $key = column.name | string.downcase
      $is_wanted = include == null || ($wanted | array.contains $key)
      if $is_wanted && !($hidden | array.contains $key) && !($names | array.contains column.name)
        $names = $names << column.name
        $types[column.name] = column.type
      end
    end
  end
  $selects = []
  for relation in relations
    $own = (columns_of relation) | array.map "name"
    $items = []
    if source_column_name != null
      $items = $items << ("cast(" + (sql_literal relation.name) + " as text) as " + (sql_identifier source_column_name))
    end
    for name in $names
      $value = ($own | array.contains name) ? (sql_identifier name) : "null"
      $items = $items << ("cast(" + $value + " as " + $types[name] + ") as " + (sql_identifier name))
    end
    $selects = $selects << ("select\n    " + ($items | array.join ",\n    ") + "\nfrom " + relation)
  end
  ret $selects | array.join "\nunion all\n"
end
}}
