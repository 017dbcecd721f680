namespace Strata.Compiler.Manifest.Models;

/// <summary>When a model is due though nothing that it reads has changed (<c>rebuild_every:</c>): in each new period, in UTC.</summary>
public enum RebuildPeriod
{
    /// <summary>Never: what it asks for the time of is as it was when its inputs last changed.</summary>
    Change,
    Run,
    Hour,
    Day,
    Month,
}
