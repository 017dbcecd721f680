using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.Postgres;

public sealed class PostgresErrorTests(PostgresEngine engine)
    : ErrorSuite(engine),
        IClassFixture<PostgresEngine>;
