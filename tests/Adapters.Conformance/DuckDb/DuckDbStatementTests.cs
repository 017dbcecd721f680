using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.DuckDb;

public sealed class DuckDbStatementTests(DuckDbEngine engine)
    : StatementSuite(engine),
        IClassFixture<DuckDbEngine>;
