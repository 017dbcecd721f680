{{
## `group by 1, 2, ... n`. ##
func group_by(n)
  ret "group by " + (1..n | array.join ", ")
end
}}
