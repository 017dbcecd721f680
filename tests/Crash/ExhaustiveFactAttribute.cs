namespace Strata.Crash;

/// <summary>A fact that takes too long for every test run: only <c>make crash</c> runs it. It needs Postgres.</summary>
internal sealed class ExhaustiveFactAttribute : FactAttribute
{
    /// <param name="needsSmallDisk">It fills up a <see cref="SmallDisk"/>.</param>
    public ExhaustiveFactAttribute(bool needsSmallDisk = false) =>
        Skip =
            (CrashFigures.IsExhaustive ? null : "takes long: only make crash runs it")
            ?? PostgresServer.SkipReason
            ?? (needsSmallDisk ? SmallDisk.SkipReason : null);
}
