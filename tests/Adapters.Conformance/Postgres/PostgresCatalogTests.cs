using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.Postgres;

public sealed class PostgresCatalogTests(PostgresEngine engine)
    : CatalogSuite(engine),
        IClassFixture<PostgresEngine>;
