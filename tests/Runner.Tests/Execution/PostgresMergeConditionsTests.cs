namespace Strata.Runner.Tests.Execution;

[Trait("Engine", "postgres")]
public sealed class PostgresMergeConditionsTests(PostgresDatabase database)
    : MergeConditionsTests("pg", database),
        IClassFixture<PostgresDatabase>;
