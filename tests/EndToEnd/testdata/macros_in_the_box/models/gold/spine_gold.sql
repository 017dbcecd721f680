select days.date_day, numbers.generated_number
from ({{ date_spine "day" "date '2026-01-01'" "date '2026-01-03'" }}) as days
cross join ({{ generate_series 2 }}) as numbers
