{{
## The columns of a relation, quoted, as a select list.
   except: names to leave out (any case); relation_alias: puts `alias.` before each; prefix, suffix: give each
   column a new name around its own. ##
func star(relation, except = null, relation_alias = null, prefix = "", suffix = "")
  $hidden = (except ?? []) | array.each @string.downcase
  $qualifier = relation_alias == null ? "" : relation_alias + "."
  $items = []
  for column in columns_of relation
    if !($hidden | array.contains (column.name | string.downcase))
      $item = $qualifier + (sql_identifier column.name)
      if prefix != "" || suffix != ""
        $item = $item + " as " + (sql_identifier (prefix + column.name + suffix))
      end
      $items = $items << $item
    end
  end
  ret $items | array.join ",\n    "
end
}}
