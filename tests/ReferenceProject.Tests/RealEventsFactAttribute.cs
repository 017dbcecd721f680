namespace Strata.ReferenceProject.Tests;

/// <summary>A fact that needs the tracker events, and Postgres too where it says so.</summary>
public sealed class RealEventsFactAttribute : FactAttribute
{
    public RealEventsFactAttribute(bool onPostgres = false) =>
        Skip =
            Corpora.SkipReason("data/events/snowplow_web") ?? (onPostgres ? PostgresServer.SkipReason : null);
}
