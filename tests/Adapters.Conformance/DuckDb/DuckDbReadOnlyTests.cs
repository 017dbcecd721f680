using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.DuckDb;

public sealed class DuckDbReadOnlyTests(DuckDbEngine engine)
    : ReadOnlySuite(engine),
        IClassFixture<DuckDbEngine>;
