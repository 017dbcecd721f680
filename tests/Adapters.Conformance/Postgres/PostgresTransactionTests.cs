using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.Postgres;

public sealed class PostgresTransactionTests(PostgresEngine engine)
    : TransactionSuite(engine),
        IClassFixture<PostgresEngine>;
