{{~ # Money always has two decimals. ~}}
{{~ func money(amount) }}cast({{ amount }} as decimal(12, 2)){{ end ~}}
