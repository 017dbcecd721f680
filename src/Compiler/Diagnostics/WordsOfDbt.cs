namespace Strata.Compiler.Diagnostics;

/// <summary>What is done here in place of an option, or a key, that dbt has. Hints only: for names that the command, or the place, does not know.</summary>
internal static class WordsOfDbt
{
    private const string LeftOut = "strata has no equivalent: leave it out";

    /// <param name="known">The options of the command.</param>
    public static string? HintForOption(string option, IReadOnlyCollection<string> known) =>
        option switch
        {
            "--models" or "--model" or "-m" when known.Contains("--select") => "did you mean '--select'?",
            "--defer" or "--favor-state" or "--defer-state" or "--no-defer" =>
                "a build skips what is fresh and reads what is there: keep CI's database from one run to the next",
            "--empty" =>
                "'strata check' checks every query over empty tables; unit tests run one on given rows",
            "--sample" =>
                "limit the rows in the model with a 'where' on a var, set by '--vars'; for microbatch models use --event-time-start and --event-time-end",
            "--store-failures" =>
                "set store_failures: true on the test, or for a whole folder under 'tests:' in strata.yml",
            "--resource-type" or "--resource-types" when known.Contains("--select") =>
                "select by it: --select resource_type:model",
            "--exclude-resource-type" or "--exclude-resource-types" when known.Contains("--exclude") =>
                "select by it: --exclude resource_type:test",
            "--profile" => "profiles.yml has targets only: choose one with --target",
            "--no-partial-parse"
            or "--partial-parse"
            or "--no-static-parser"
            or "--use-experimental-parser"
            or "--no-version-check"
            or "--no-write-json"
            or "--cache-selected-only"
            or "--no-populate-cache"
            or "--no-introspect"
            or "--single-threaded"
            or "--show-resource-report" => LeftOut,
            "--warn-error" or "--warn-error-options" =>
                "strata has no equivalent: a test with severity: error fails the build",
            "--output-keys" when known.Contains("--output") => "'--output json' gives all of them",
            "--log-format" or "--log-format-file" when known.Contains("--json") => "did you mean '--json'?",
            "--debug"
            or "--log-level"
            or "--log-level-file"
            or "--log-path" when known.Contains("--log-statements") =>
                "the statements and how long they took: --log-statements logs/statements.jsonl",
            "--use-colors" when known.Contains("--color") => "did you mean '--color'?",
            _ => null,
        };

    /// <param name="where">What has the key, as messages name it.</param>
    public static string? HintForKey(string key, string where) =>
        key.Replace('_', '-') switch
        {
            "grants" =>
                "grant once, or in a post_hook: grants on a relation in Postgres stay when it is published again",
            "persist-docs" =>
                "descriptions are in target/manifest.json; a post_hook can say 'comment on table {{ this }} is ...'",
            "indexes" =>
                "write a post_hook: create index if not exists ... on {{ this }} (...); a table that exists is never replaced, so an index stays",
            "access" or "versions" or "latest-version" or "deprecation-date" or "restrict-access" =>
                "models have neither access nor versions here: leave it out",
            "database" => "a connection is one database: 'engine' names the connection",
            "quoting" => "names are always quoted: leave it out",
            "sql-header" => "write a pre_hook",
            "metrics" or "semantic-models" or "saved-queries" or "time-spine" => LeftOut,
            var other => where == "strata.yml" ? HintForProject(other) : null,
        };

    private static string? HintForProject(string key) =>
        key switch
        {
            "profile" => "the project uses the profiles.yml beside strata.yml: leave it out",
            "clean-targets" => "'strata clean' removes what strata has written, nothing else: leave it out",
            "flags" =>
                "options are given on the command line or in the environment (STRATA_THREADS): leave it out",
            "source-paths" => Suggestions.HintOf("model-paths"),
            "data-paths" => Suggestions.HintOf("seed-paths"),
            "analysis-paths" => "there are no analyses here: leave it out",
            "require-dbt-version"
            or "query-comment"
            or "docs-paths"
            or "asset-paths"
            or "log-path"
            or "packages-install-path"
            or "packages"
            or "function-paths" => LeftOut,
            _ => null,
        };
}
