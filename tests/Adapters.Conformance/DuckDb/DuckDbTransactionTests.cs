using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.DuckDb;

public sealed class DuckDbTransactionTests(DuckDbEngine engine)
    : TransactionSuite(engine),
        IClassFixture<DuckDbEngine>;
