using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;

namespace Strata.Adapters.Conformance.DuckDb;

public sealed class DuckDbErrorTests(DuckDbEngine engine) : ErrorSuite(engine), IClassFixture<DuckDbEngine>;
