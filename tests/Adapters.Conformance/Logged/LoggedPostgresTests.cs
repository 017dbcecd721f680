using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.Logged;

public sealed class LoggedPostgresBulkTests(LoggedPostgresEngine engine)
    : BulkSuite(engine),
        IClassFixture<LoggedPostgresEngine>;

public sealed class LoggedPostgresStatementTests(LoggedPostgresEngine engine)
    : StatementSuite(engine),
        IClassFixture<LoggedPostgresEngine>;

public sealed class LoggedPostgresTransactionTests(LoggedPostgresEngine engine)
    : TransactionSuite(engine),
        IClassFixture<LoggedPostgresEngine>;

public sealed class LoggedPostgresCancellationTests(LoggedPostgresEngine engine)
    : CancellationSuite(engine),
        IClassFixture<LoggedPostgresEngine>;

public sealed class LoggedPostgresCatalogTests(LoggedPostgresEngine engine)
    : CatalogSuite(engine),
        IClassFixture<LoggedPostgresEngine>;

public sealed class LoggedPostgresReadOnlyTests(LoggedPostgresEngine engine)
    : ReadOnlySuite(engine),
        IClassFixture<LoggedPostgresEngine>;

public sealed class LoggedPostgresLockTests(LoggedPostgresEngine engine)
    : LockSuite(engine),
        IClassFixture<LoggedPostgresEngine>;

public sealed class LoggedPostgresErrorTests(LoggedPostgresEngine engine)
    : ErrorSuite(engine),
        IClassFixture<LoggedPostgresEngine>;
