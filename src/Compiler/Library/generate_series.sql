{{
## A query with the numbers from 1 to upper_bound in the column generated_number. ##
func generate_series(upper_bound)
  ret "select generated_number\nfrom generate_series(1, " + upper_bound + ") as series(generated_number)"
end
}}
