using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.DuckDb;

public sealed class DuckDbLockTests(DuckDbEngine engine) : LockSuite(engine), IClassFixture<DuckDbEngine>;
