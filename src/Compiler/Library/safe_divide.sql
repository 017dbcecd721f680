{{
## A quotient that is null, not an error, where the divisor is zero; never cut to an integer. ##
func safe_divide(numerator, denominator)
  ret "(1.0 * (" + numerator + ") / nullif((" + denominator + "), 0))"
end
}}
