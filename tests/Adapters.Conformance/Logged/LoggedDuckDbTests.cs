using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.Logged;

public sealed class LoggedDuckDbBulkTests(LoggedDuckDbEngine engine)
    : BulkSuite(engine),
        IClassFixture<LoggedDuckDbEngine>;

public sealed class LoggedDuckDbStatementTests(LoggedDuckDbEngine engine)
    : StatementSuite(engine),
        IClassFixture<LoggedDuckDbEngine>;

public sealed class LoggedDuckDbTransactionTests(LoggedDuckDbEngine engine)
    : TransactionSuite(engine),
        IClassFixture<LoggedDuckDbEngine>;

public sealed class LoggedDuckDbCancellationTests(LoggedDuckDbEngine engine)
    : CancellationSuite(engine),
        IClassFixture<LoggedDuckDbEngine>;

public sealed class LoggedDuckDbCatalogTests(LoggedDuckDbEngine engine)
    : CatalogSuite(engine),
        IClassFixture<LoggedDuckDbEngine>;

public sealed class LoggedDuckDbReadOnlyTests(LoggedDuckDbEngine engine)
    : ReadOnlySuite(engine),
        IClassFixture<LoggedDuckDbEngine>;

public sealed class LoggedDuckDbLockTests(LoggedDuckDbEngine engine)
    : LockSuite(engine),
        IClassFixture<LoggedDuckDbEngine>;

public sealed class LoggedDuckDbErrorTests(LoggedDuckDbEngine engine)
    : ErrorSuite(engine),
        IClassFixture<LoggedDuckDbEngine>;
