{{~ # A part of a whole: from 0 to 1, both included. Nulls are the business of not_null. ~}}
{{ func is_share(model, column_name) }}
select {{ column_name }}
from {{ model }}
where {{ column_name }} < 0 or {{ column_name }} > 1
{{ end }}
