using Strata.Adapters.Conformance.Engines;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.Suites;

/// <summary>What every suite has: an engine, and short ways to say common things.</summary>
public abstract class AdapterSuite(EngineUnderTest engine)
{
    protected static readonly CancellationToken None = CancellationToken.None;

    protected EngineUnderTest Engine { get; } = engine;

    protected SqlDialect Dialect => Engine.Dialect;

    protected string Quote(string schema, string name) => Dialect.Quote(new RelationName(schema, name));

    protected static async Task<object?> ScalarAsync(ISession session, string sql) =>
        (await session.QueryAsync(sql, 10, None)).Scalar;

    protected static async Task<EngineError> FailsAsync(Task statement) =>
        (await Should.ThrowAsync<EngineException>(statement)).Error;
}
