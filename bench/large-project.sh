# shellcheck shell=bash
# A large project, for the scripts beside this one: models of 32 lines in folders of a hundred, each with a `config`, three refs and a macro call;
# a folder's YAML file describes them, with two tests each (TESTS='[]': with none).
generate() { # models, folder
  mkdir -p "$2/macros"
  printf 'name: big\nlayers:\n  models: { engine: warehouse, schema: main }\n' > "$2/strata.yml"
  printf 'default: dev\ntargets:\n  dev:\n    warehouse: { type: duckdb, path: big.duckdb }\n' > "$2/profiles.yml"
  printf '{{ func cents(column) }}cast({{ column }} * 100 as bigint){{ end }}\n' > "$2/macros/money.sql"
  awk -v n="$1" -v out="$2" -v tests="${TESTS:-[unique, not_null]}" 'BEGIN {
    srand(7)
    for (i = 0; i < n; i++) {
      folder = sprintf("%s/models/area_%03d", out, i / 100)
      if (i % 100 == 0) {
        system("mkdir -p " folder)
        yaml = folder "/models.yml"
        print "models:" > yaml
      }
      file = sprintf("%s/m_%05d.sql", folder, i)
      printf "{{ config materialized: \"table\" tags: [\"t%d\"] }}\n", i % 10 > file
      if (i < 10) {
        print "select cast(i as bigint) as id, i as amount from range(10) as t(i)" > file
      } else {
        print "with" > file
        least = i > 200 ? i - 200 : 0
        for (k = 0; k < 3; k++)
          printf "a%d as (\n    select id, amount\n    from {{ ref \"m_%05d\" }}\n    where amount >= 0\n)%s\n", k, least + int(rand() * (i - least)), k < 2 ? "," : "" > file
        print "select\n    a0.id,\n    {{ cents \"a0.amount\" }} as cents," > file
        for (k = 0; k < 8; k++) printf "    a0.amount + %d as c%d,\n", k, k > file
        print "    a0.amount\nfrom a0\nleft join a1 on a1.id = a0.id\nleft join a2 on a2.id = a0.id" > file
      }
      close(file)
      printf "  - name: m_%05d\n    description: Model number %d\n    columns:\n      - name: id\n        tests: %s\n", i, i, tests > yaml
      if (i % 100 == 99) close(yaml)
    }
  }'
}
