using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters.Values;

namespace Strata.Runner.Proving.Examples;

/// <summary>
/// The columns of an example that its reader must see: the key, what differs between rows of one key that are delivered, and what
/// differs between the two results. Pure.
/// </summary>
internal sealed class ColumnsThatMatter
{
    private readonly ImmutableArray<string> _named;
    private readonly ImmutableArray<string> _keys;

    public ColumnsThatMatter(ProofExample example, ModelNode model)
    {
        _keys = model.Config.UniqueKey;
        Key = Places(example.Columns, _keys);
        var rows = example
            .Differences.SelectMany(one => new[] { one.Expected, one.Actual })
            .OfType<object?[]>()
            .Select(row => row.Select(value => ValueText.Of(value)).ToImmutableArray());
        Differing = DifferingIn([.. rows], Key);
        // without a key all rows are compared with each other, and nearly everything differs
        _named = Key.IsEmpty ? _keys : [.. _keys, .. Differing.Select(place => example.Columns[place])];
    }

    /// <summary>The places of the key in the results.</summary>
    public ImmutableArray<int> Key { get; }

    /// <summary>The places in the results of what differs between their rows of one key.</summary>
    public ImmutableArray<int> Differing { get; }

    /// <summary>Places in what was delivered, keys first.</summary>
    public ImmutableArray<int> Of(DeliveredRows input)
    {
        var key = Places(input.Columns, _keys);
        if (key.IsEmpty)
            return Places(input.Columns, _named);
        // which batch and which row of a file it was differs anyway
        var differing = DifferingIn([.. input.Rows.Select(row => row.Cells)], key)
            .Where(place => !input.Columns[place].StartsWith('_'));
        return [.. key.Concat(Places(input.Columns, _named)).Concat(differing).Distinct()];
    }

    private static ImmutableArray<int> DifferingIn(
        ImmutableArray<ImmutableArray<string?>> rows,
        ImmutableArray<int> key
    )
    {
        var ofOneKey = rows.GroupBy(row => string.Join('\0', key.Select(place => row[place] ?? "\u0001")))
            .Select(same => same.ToList())
            .Where(same => same.Count > 1)
            .ToList();
        return
        [
            .. Enumerable
                .Range(0, rows.IsEmpty ? 0 : rows[0].Length)
                .Where(place => ofOneKey.Any(same => same.Any(row => row[place] != same[0][place]))),
        ];
    }

    private static ImmutableArray<int> Places(ImmutableArray<string> columns, ImmutableArray<string> names) =>
        [
            .. names
                .Select(name =>
                    columns
                        .Select((column, place) => (column, place))
                        .Where(one => one.column.Equals(name, StringComparison.OrdinalIgnoreCase))
                        .Select(one => (int?)one.place)
                        .FirstOrDefault()
                )
                .OfType<int>(),
        ];
}
