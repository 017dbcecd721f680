select 1 as n
{{ for i in 1..100 }}
union all select {{ i }}
{{ end }}
