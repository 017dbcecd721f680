{{~ # Values lie between min and max, both included; nulls are the business of not_null. ~}}
{{ func in_range(model, column_name, min, max) }}
select {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ min }} or {{ column_name }} > {{ max }}
{{ end }}
