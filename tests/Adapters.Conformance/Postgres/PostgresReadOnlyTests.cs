using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.Postgres;

public sealed class PostgresReadOnlyTests(PostgresEngine engine)
    : ReadOnlySuite(engine),
        IClassFixture<PostgresEngine>;
