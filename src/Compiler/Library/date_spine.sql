{{
## A query with one row for each day (week, month, hour ...) from start_date up to, and without, end_date.
   Both dates are SQL expressions. The column is called date_<datepart>. ##
func date_spine(datepart, start_date, end_date)
  $column = "date_" + datepart
  $series = "generate_series(cast(" + start_date + " as timestamp), cast(" + end_date + " as timestamp), interval '1 " + datepart + "')"
  ret "select " + $column + "\nfrom " + $series + " as spine(" + $column + ")\nwhere " + $column + " < cast(" + end_date + " as timestamp)"
end
}}
