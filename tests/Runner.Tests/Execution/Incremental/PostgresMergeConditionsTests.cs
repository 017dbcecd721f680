namespace Strata.Runner.Tests.Execution.Incremental;

[Trait("Engine", "postgres")]
public sealed class PostgresMergeConditionsTests(PostgresDatabase database)
    : MergeConditionsTests("pg", database),
        IClassFixture<PostgresDatabase>;
