using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.Postgres;

public sealed class PostgresLockTests(PostgresEngine engine)
    : LockSuite(engine),
        IClassFixture<PostgresEngine>;
