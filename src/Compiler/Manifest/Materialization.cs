namespace Strata.Compiler.Manifest;

/// <summary>How a model becomes a relation (<c>materialized:</c>).</summary>
public enum Materialization
{
    View,
    Table,
    Incremental,
    Ephemeral,
}
