using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Tests.Engine.Measures;

namespace Strata.Tests.Engine.Catalog;

/// <summary>A row of the catalogue: a name, what it takes, and how it is measured.</summary>
/// <param name="Description">One sentence for the reference: what must hold, and what nulls do.</param>
public sealed record Expectation(string Name, ExpectationTarget Target, string Description)
{
    public ImmutableArray<Parameter> Parameters { get; init; } = [];

    /// <summary>Other names of the very same thing.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>Whether <c>mostly</c> makes sense: the expectation counts rows.</summary>
    public bool AllowsMostly { get; init; }

    /// <summary>Whether the columns of the relation must be known to build the check.</summary>
    public bool NeedsColumns { get; init; }

    /// <summary>Whether a missing column is what the expectation is about, and so no mistake in its definition.</summary>
    public bool ChecksForColumn { get; init; }

    /// <summary>Whether the columns that YAML declares are part of what is tested.</summary>
    public bool ReadsDeclaredColumns { get; init; }

    /// <summary>Whether what earlier runs observed decides: the check is built with a memory.</summary>
    public bool Remembers { get; init; }

    /// <summary>
    /// Arguments that say when the test fails, and not what it measures: a test whose memory matters remains the same test when
    /// they change.
    /// </summary>
    public ImmutableArray<string> Tuning { get; init; } = [];

    /// <summary>Arguments under the reference's example, as YAML in flow style: <c>{values: [a, b]}</c>.</summary>
    public string Example { get; init; } = "{}";

    /// <summary>The column of the reference's example table that the example is written under.</summary>
    public string ExampleColumn { get; init; } = "status";

    /// <summary>What only several arguments together can get wrong; null when nothing is.</summary>
    public Func<CheckArguments, ArgumentProblem?> Rule { get; init; } = _ => null;

    /// <summary>What the columns' types make wrong, once they are known; null when nothing is.</summary>
    public Func<CheckContext, ArgumentProblem?> Fits { get; init; } = _ => null;

    /// <summary>Whether what it reads stays where it is, also on another connection.</summary>
    public bool ReadsInPlace { get; init; }

    /// <summary>Whether a test of it asks how much time has passed until now.</summary>
    public Func<TestNode, bool> ReadsClock { get; init; } = _ => false;

    public required Func<CheckContext, Measure> Build { get; init; }

    internal Parameter? FindParameter(string name) => Parameters.FirstOrDefault(p => p.Answers(name));
}
