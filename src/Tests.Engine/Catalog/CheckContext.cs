using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Memory;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Reconciling;

namespace Strata.Tests.Engine.Catalog;

/// <summary>All that an expectation needs to say how it is measured: the test, what it reads, and how the engine spells things.</summary>
public sealed class CheckContext
{
    private readonly Func<string, CheckRelation> _resolve;
    private readonly Func<string, PlacedRelation>? _place;

    internal CheckContext(
        CheckDialect dialect,
        TestNode test,
        CheckArguments arguments,
        CheckRelation relation,
        string? where,
        Func<string, CheckRelation> resolve,
        DateTimeOffset now,
        CheckMemory? memory = null,
        CheckRelation? batch = null,
        Func<string, PlacedRelation>? place = null
    )
    {
        _resolve = resolve;
        _place = place;
        Dialect = dialect;
        Test = test;
        Args = arguments;
        Relation = relation;
        Where = where;
        Now = now;
        Memory = memory ?? CheckMemory.None;
        Batch = batch;
    }

    public CheckDialect Dialect { get; }

    public TestNode Test { get; }

    public CheckArguments Args { get; }

    public CheckRelation Relation { get; }

    /// <summary>The rows to check, as a boolean expression; null for all.</summary>
    public string? Where { get; }

    public DateTimeOffset Now { get; }

    /// <summary>What earlier runs know of the test.</summary>
    public CheckMemory Memory { get; }

    /// <summary>The rows that the run adds or replaces; null where it does not add any to others.</summary>
    public CheckRelation? Batch { get; }

    /// <summary>The name that the test is written under, as it stands; the argument <c>column</c> (or <c>column_name</c>) under a relation.</summary>
    public string ColumnName => Test.Column ?? Args.Text("column") ?? "";

    /// <summary>The tested column, quoted.</summary>
    public string Column => Name(ColumnName);

    public TypeFamily ColumnType => TypeOf(ColumnName);

    /// <summary>The tested column as a number: true counts 1.</summary>
    public string Number => ColumnType == TypeFamily.Boolean ? $"cast({Column} as integer)" : Column;

    /// <summary>The same in floating point.</summary>
    public string Double => Dialect.AsDouble(Number);

    /// <summary>The rows to check, as an item of FROM.</summary>
    public string Source => SourceOf(Relation, Where);

    public bool ReadsText => ColumnType == TypeFamily.Text;

    public TypeFamily TypeOf(string column) => TypeNames.Classify(Relation.FindColumn(column)?.Type);

    /// <summary>A column's name, quoted.</summary>
    public string Name(string column) =>
        Dialect.Quote(Relation.FindColumn(column) is { } found ? found.Name : column);

    /// <summary>A name for a column that we add to those of the relation: the one given, unless that is taken.</summary>
    public string Free(string name) =>
        Free(name, [.. (Relation.Columns ?? []).Select(column => column.Name), ColumnName]);

    /// <summary>The same where only some columns are read.</summary>
    public static string Free(string name, params ReadOnlySpan<string> taken)
    {
        foreach (var other in taken)
        {
            if (name.Equals(other, StringComparison.OrdinalIgnoreCase))
                return Free(name + "_", taken);
        }
        return name;
    }

    /// <summary>A quoted column where the text is the name of one, else the text as SQL.</summary>
    public string Expression(string text) =>
        Relation.FindColumn(text) is { } column ? Dialect.Quote(column.Name)
        : Relation.Columns is null && IsPlainName(text) ? Dialect.Quote(text)
        : SqlFragment.Parenthesize(text);

    public ImmutableArray<string> Expressions(string parameter) =>
        [.. Args.Texts(parameter).Select(Expression)];

    /// <summary>A value as a literal of the tested column's type.</summary>
    public string Literal(object? value) => Dialect.Literal(value, ColumnType);

    /// <summary>A number as it is, text as SQL.</summary>
    public string SqlValue(string parameter) =>
        Args.Value(parameter) is string text
            ? Expression(text)
            : Dialect.Literal(Args.Value(parameter), TypeFamily.Other);

    /// <summary>The relation that an argument names.</summary>
    public CheckRelation Other(string parameter) =>
        Args.NodeId(parameter) is { } node
            ? _resolve(node)
            : new CheckRelation(Args.Text(parameter) ?? "", "other", null);

    /// <summary>A node's relation on its own connection.</summary>
    public PlacedRelation Place(string nodeId) =>
        _place?.Invoke(nodeId) ?? throw new InvalidOperationException("nobody knows where relations lie");

    /// <summary>Rows of a relation, as an item of FROM.</summary>
    public string SourceOf(CheckRelation relation, string? where) =>
        where is null
            ? $"{relation.Sql} as {Dialect.Quote(relation.Name)}"
            : $"(select * from {relation.Sql} as {Dialect.Quote(relation.Name)} where {SqlFragment.Parenthesize(where)})"
                + $" as {Dialect.Quote(relation.Name)}";

    private static bool IsPlainName(string text) =>
        text.Length > 0
        && (char.IsLetter(text[0]) || text[0] == '_')
        && text.All(c => char.IsLetterOrDigit(c) || c == '_');
}
