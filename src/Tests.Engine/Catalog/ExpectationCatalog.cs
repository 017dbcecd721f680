using System.Collections.Frozen;
using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Project;
using Strata.Tests.Engine.Expectations;

namespace Strata.Tests.Engine.Catalog;

/// <summary>All expectations that are built in, by name and alias.</summary>
public sealed class ExpectationCatalog : ITestCatalog
{
    public static readonly ExpectationCatalog Instance = new();

    private readonly FrozenDictionary<string, Expectation> _byName;

    private ExpectationCatalog()
    {
        All =
        [
            .. CoreExpectations.All,
            .. ValueExpectations.All,
            .. TextExpectations.All,
            .. UniquenessExpectations.All,
            .. OrderExpectations.All,
            .. SpreadExpectations.All,
            .. MultiColumnExpectations.All,
            .. AggregateExpectations.All,
            .. DistinctExpectations.All,
            .. TableExpectations.All,
            .. SchemaExpectations.All,
            .. FreshnessExpectations.All,
            .. DistributionExpectations.All,
        ];
        _byName = All.SelectMany(e => e.Aliases.Prepend(e.Name).Select(name => (name, e)))
            .ToFrozenDictionary(pair => pair.name, pair => pair.e, StringComparer.Ordinal);
    }

    /// <summary>In the order of the reference.</summary>
    public ImmutableArray<Expectation> All { get; }

    public IEnumerable<string> Names => _byName.Keys;

    public bool IsKnown(string name) => _byName.ContainsKey(name);

    public Expectation? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What can be said about the arguments without knowing the relation's columns.</summary>
    public IEnumerable<Diagnostic> ValidateArguments(TestNode test) =>
        test.TestName is { } name && Find(name) is { } expectation
            ? DefinitionCheck.Run(expectation, test, null)
            : [];
}
