using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.DuckDb;

public sealed class DuckDbCancellationTests(DuckDbEngine engine)
    : CancellationSuite(engine),
        IClassFixture<DuckDbEngine>;
