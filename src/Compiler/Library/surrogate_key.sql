{{
## One text key out of several columns: the MD5 of their values, in which a null differs from an empty text. ##
func surrogate_key(columns)
  $items = []
  for column in columns
    $items = $items << ("coalesce(cast(" + column + " as text), '_null_')")
  end
  ret "md5(" + ($items | array.join " || '-' || ") + ")"
end

## The name that dbt_utils has for it. ##
func generate_surrogate_key(columns)
  ret surrogate_key columns
end
}}
