using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.DuckDb;

public sealed class DuckDbBulkTests(DuckDbEngine engine) : BulkSuite(engine), IClassFixture<DuckDbEngine>;
