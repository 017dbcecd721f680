{{~ # Text without stray blanks; text that holds nothing is null. }}
{{~ func blank_as_null(column) }}nullif(trim({{ column }}), ''){{ end ~}}

{{~ # The instant that ISO 8601 text names, null where it names none. Text without an offset means UTC: sessions run in UTC.
    # 'infinity' parses on DuckDB, but is no time at which anything happened. }}
{{~ func utc_instant(column) }}case when isfinite(try_cast({{ column }} as timestamptz)) then try_cast({{ column }} as timestamptz) end{{ end ~}}

{{~ # The exact quotient of two counts, the same on every engine; null where there is nothing to divide by. }}
{{~ func ratio(part, whole) }}cast({{ part }} as double precision) / nullif({{ whole }}, 0){{ end ~}}

{{~ # The start of the run as a value: one instant for all rows of all tables that the run writes. }}
{{~ func run_instant }}cast({{ sql_literal run_started_at }} as timestamp with time zone){{ end ~}}
