using System.Collections.Immutable;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest;

/// <summary>An expectation on a relation, or a query that must return no rows.</summary>
public sealed record TestNode : Node
{
    public override ResourceType ResourceType => ResourceType.Test;

    /// <summary>The connection the check runs on: that of the attached node, else of the singular test's parents.</summary>
    public required string Connection { get; init; }

    public required EngineType Engine { get; init; }

    /// <summary>The name of the expectation (<c>not_null</c>); null for a singular test.</summary>
    public string? TestName { get; init; }

    /// <summary>The node that the test is written under; null for a singular test.</summary>
    public string? AttachedNode { get; init; }

    /// <summary>The column that the test is written under; null for a test of the whole relation.</summary>
    public string? Column { get; init; }

    /// <summary>The arguments as written in YAML, by name: scalars, lists and maps of scalars.</summary>
    public ImmutableSortedDictionary<string, TestArgument> Arguments { get; init; } =
        ImmutableSortedDictionary<string, TestArgument>.Empty;

    /// <summary>Whether what it reads stays on its own connection, instead of being brought to that of the test.</summary>
    public bool ReadsInPlace { get; init; }

    /// <summary>Whether its verdict depends on the time: what was passed may fail though nothing has moved.</summary>
    public bool ReadsClock { get; init; }

    /// <summary>Whether it stands for a constraint: nothing of its node is published without it.</summary>
    public bool IsConstraint { get; init; }

    public required TestConfig Config { get; init; }

    /// <summary>The query whose rows are failures: singular tests and generic tests written by the project.</summary>
    public CompiledSql? Query { get; init; }

    /// <summary>Names of the macros that a singular test uses, directly or through others, sorted.</summary>
    public ImmutableArray<string> Macros { get; init; } = [];

    /// <summary>The files that its template includes, be it through others, by the names that they are included by.</summary>
    public ImmutableSortedDictionary<string, SourceText> Included { get; init; } =
        ImmutableSortedDictionary<string, SourceText>.Empty;

    /// <summary>SHA-256, in hex, over the definition.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The same without the name of the connection, of a test that decides which rows its node publishes; else empty.</summary>
    public string RuleFingerprint { get; init; } = "";
}

/// <param name="Value">null, bool, long, double, decimal, string, a list of such or a map of such.</param>
/// <param name="NodeId">For an argument that is a <c>ref</c> or <c>source</c>: the node; the value is then its name.</param>
/// <param name="Span">Where the value is written.</param>
public sealed record TestArgument(object? Value, string? NodeId, SourceSpan Span)
{
    /// <summary>Where its name is written, if it is.</summary>
    public SourceSpan? NameSpan { get; init; }
}
