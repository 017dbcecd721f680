namespace Strata.Compiler.Manifest.Models;

/// <summary>How a batch enters an incremental relation (<c>incremental_strategy:</c>).</summary>
public enum IncrementalStrategy
{
    Append,
    Merge,
    DeleteInsert,
    InsertOverwrite,
    Microbatch,
}
