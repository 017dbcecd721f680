{{ config severity: "error" }}
{{ func columns; ret "\"Symbol\", \"Security\", \"GICS Sector\", \"GICS Sub-Industry\", \"Headquarters Location\", \"Date added\", \"CIK\", \"Founded\""; end }}
(select {{ columns }} from {{ ref "members" }} except all select {{ columns }} from {{ ref "published" }})
union all
(select {{ columns }} from {{ ref "published" }} except all select {{ columns }} from {{ ref "members" }})
