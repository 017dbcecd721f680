{{~ # No two rows agree in all of the columns. ~}}
{{ func unique_together(model, columns) }}
select {{ columns | array.join ", " }}, count(*) as rows_with_it
from {{ model }}
group by {{ columns | array.join ", " }}
having count(*) > 1
{{ end }}
