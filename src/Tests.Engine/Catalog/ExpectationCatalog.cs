using System.Collections.Frozen;
using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Project;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Expectations;

namespace Strata.Tests.Engine.Catalog;

/// <summary>All expectations that are built in, by name and alias.</summary>
public sealed class ExpectationCatalog : ITestCatalog
{
    public static readonly ExpectationCatalog Instance = new();

    private readonly FrozenDictionary<string, Expectation> _byName;

    private ExpectationCatalog()
    {
        Families =
        [
            new("The four of dbt", CoreExpectations.All),
            new("Single values", ValueExpectations.All),
            new("Text", TextExpectations.All),
            new("Keys", UniquenessExpectations.All),
            new("Order and sequence", OrderExpectations.All),
            new("Spread", SpreadExpectations.All),
            new("Several columns of a row", MultiColumnExpectations.All),
            new("Aggregates of a column", AggregateExpectations.All),
            new("Different values", DistinctExpectations.All),
            new("Rows and other relations", TableExpectations.All),
            new("Columns and types", SchemaExpectations.All),
            new("Freshness and volume", FreshnessExpectations.All),
            new("Distributions", DistributionExpectations.All),
            new(
                "Against the past",
                [.. DriftExpectations.All, .. SchemaDriftExpectations.All, .. AnomalyExpectations.All]
            ),
            new("Copies", ReconcileExpectations.All),
        ];
        All = [.. Families.SelectMany(f => f.Members)];
        _byName = All.SelectMany(e => e.Aliases.Prepend(e.Name).Select(name => (name, e)))
            .ToFrozenDictionary(pair => pair.name, pair => pair.e, StringComparer.Ordinal);
    }

    /// <summary>The chapters of the reference, in its order.</summary>
    public ImmutableArray<ExpectationFamily> Families { get; }

    public ImmutableArray<Expectation> All { get; }

    public IEnumerable<string> Names => _byName.Keys;

    public bool IsKnown(string name) => _byName.ContainsKey(name);

    public Expectation? Find(string name) => _byName.GetValueOrDefault(name);

    public bool IsTuning(string name, string argument) => Find(name)?.Tuning.Contains(argument) == true;

    public bool ReadsInPlace(string name) => Find(name)?.ReadsInPlace == true;

    public bool ReadsDeclaredColumns(string name) => Find(name)?.ReadsDeclaredColumns == true;

    public bool ReadsClock(TestNode test) =>
        test.TestName is { } name
        && Find(name) is { } expectation
        && (expectation.ReadsClock(test) || SqlOf(test).Any(ClockWords.AreIn));

    /// <summary>The arguments of a test of an expectation that are SQL, or may be.</summary>
    internal IEnumerable<string> SqlOf(TestNode test) =>
        (test.TestName is { } name ? Find(name)?.Parameters ?? [] : [])
            .Where(parameter => parameter.MayBeSql(test.Arguments))
            .SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name))
            .Select(argument => test.Arguments.GetValueOrDefault(argument)?.Value)
            .SelectMany(CheckArguments.TextsIn);

    /// <summary>What can be said about the arguments without knowing the relation's columns.</summary>
    public IEnumerable<Diagnostic> ValidateArguments(TestNode test)
    {
        if (test.TestName is not { } name || Find(name) is not { } expectation)
            return [];
        var found = DefinitionCheck.Run(expectation, test, null);
        var isQuarantine = test.Config.Severity == TestSeverity.Quarantine;
        return found.IsEmpty && isQuarantine && !RowJudgement.IsByRow(expectation, test)
            ? [QuarantineDiagnostics.NotByRow(test.Declaration, $"'{name}'")]
            : found;
    }
}
