namespace Strata.Adapters.Conformance.Engines;

public sealed class LoggedDuckDbEngine() : LoggedEngine(new DuckDbEngine());
