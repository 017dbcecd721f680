namespace Strata.Adapters.Conformance.Engines;

public sealed class LoggedPostgresEngine() : LoggedEngine(new PostgresEngine());
