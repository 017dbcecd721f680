using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.Postgres;

public sealed class PostgresCancellationTests(PostgresEngine engine)
    : CancellationSuite(engine),
        IClassFixture<PostgresEngine>;
