using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.Postgres;

public sealed class PostgresBulkTests(PostgresEngine engine)
    : BulkSuite(engine),
        IClassFixture<PostgresEngine>;
