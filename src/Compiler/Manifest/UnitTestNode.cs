using System.Collections.Immutable;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest;

/// <summary>A model that is run on given rows, without any warehouse.</summary>
public sealed record UnitTestNode : Node
{
    public override ResourceType ResourceType => ResourceType.UnitTest;

    /// <summary>The unique id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The model's connection: what decides the dialect, not where the test runs.</summary>
    public required string Connection { get; init; }

    public required EngineType Engine { get; init; }

    /// <summary>The model's query with the test's overrides.</summary>
    public required CompiledSql Sql { get; init; }

    /// <summary>Its <c>overrides:</c> as they are written; empty without.</summary>
    public string OverridesText { get; init; } = "";

    /// <summary>Whether <see cref="Sql"/> is the model's incremental rendering.</summary>
    public bool IsIncremental { get; init; }

    /// <summary>What the test gives rows for, in the order it is written.</summary>
    public ImmutableArray<UnitTestInput> Given { get; init; } = [];

    public required UnitTestRows Expect { get; init; }

    /// <summary>How far apart two numbers with a fraction may be, as a share of the larger; null leaves it to the type.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Whether the query asks for the time and the test does not say what time it is: it must run every time.</summary>
    public bool ReadsClock { get; init; }

    /// <summary>SHA-256, in hex, over the test, the model's query and the definitions of all that the model reads.</summary>
    public required string Fingerprint { get; init; }
}
