select 1 as done
