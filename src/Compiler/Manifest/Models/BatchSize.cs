namespace Strata.Compiler.Manifest.Models;

/// <summary>The period that one batch of a microbatch model covers (<c>batch_size:</c>), in UTC.</summary>
public enum BatchSize
{
    Hour,
    Day,
    Month,
    Year,
}
