using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Results;
using Strata.Runner.State.Tests;

namespace Strata.Cli.Reports;

/// <summary>All that a report is written from.</summary>
public sealed record RunReport
{
    public required RunResult Result { get; init; }

    public required ProjectManifest Manifest { get; init; }

    /// <summary>As typed, without arguments: <c>strata build</c>.</summary>
    public required string Command { get; init; }

    public required string Version { get; init; }

    /// <summary>What earlier runs have observed, this one included; empty where no report shows it.</summary>
    public TestHistory History { get; init; } = TestHistory.Empty;

    /// <summary>What a test has to say when it did not pass; what is merely to be known of it may stand before that.</summary>
    public static Diagnostic? MainOf(TestResult test) => MainOf(test.Diagnostics);

    /// <summary>The first error; where nothing is one, the first of all.</summary>
    public static Diagnostic? MainOf(IReadOnlyCollection<Diagnostic> diagnostics) =>
        diagnostics.FirstOrDefault(diagnostic => diagnostic.IsError) ?? diagnostics.FirstOrDefault();

    /// <summary>The place of a test as people write it: <c>models/orders.yml:7:13</c>.</summary>
    public static string PlaceOf(TestNode test) => test.Declaration.ToString();
}
