using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.DuckDb;

public sealed class DuckDbCatalogTests(DuckDbEngine engine)
    : CatalogSuite(engine),
        IClassFixture<DuckDbEngine>;
