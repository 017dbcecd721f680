using System.Collections.Immutable;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Tests;

/// <summary>The rows of one input of a unit test, or those it expects: cells as they are written, or a query.</summary>
public sealed record UnitTestRows(SourceSpan Declaration)
{
    /// <summary>In the order of their first appearance; empty for a query.</summary>
    public ImmutableArray<UnitTestColumn> Columns { get; init; } = [];

    /// <summary>One array a row, in column order.</summary>
    public ImmutableArray<ImmutableArray<UnitTestCell>> Rows { get; init; } = [];

    /// <summary>The query that gives the rows instead.</summary>
    public CompiledSql? Sql { get; init; }
}

/// <param name="Span">Where its name is first written.</param>
public sealed record UnitTestColumn(string Name, SourceSpan Span);

/// <param name="Value">null, bool, long, double, string, a list of such or a map of such.</param>
/// <param name="Text">As it is written, so that no digit of a number is lost; null for null.</param>
/// <param name="IsQuoted">Written as text, whatever it looks like.</param>
public sealed record UnitTestCell(object? Value, string? Text, bool IsQuoted, SourceSpan Span);
