using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.Postgres;

public sealed class PostgresStatementTests(PostgresEngine engine)
    : StatementSuite(engine),
        IClassFixture<PostgresEngine>;
