using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Reconciling;

/// <summary>Which columns of two relations are compared, and as what.</summary>
/// <param name="Key">The columns that say which rows belong together.</param>
/// <param name="Others">What else is compared.</param>
/// <param name="LeftOut">Columns of both sides whose types no common form is known for.</param>
internal sealed record ColumnPairs(
    ImmutableArray<ComparedColumn> Key,
    ImmutableArray<ComparedColumn> Others,
    ImmutableArray<string> LeftOut
)
{
    private const int DigitsOfSingle = 6;

    /// <summary>Whether the key is less than whole rows.</summary>
    public required bool HasKey { get; init; }

    public IEnumerable<ComparedColumn> All => Key.Concat(Others);

    /// <summary>
    /// All columns that both have unless some are named; without a key, all of them are the key. Null, with what is wrong, where the
    /// two cannot be compared as it is asked for.
    /// </summary>
    public static (ColumnPairs? Pairs, ArgumentProblem? Problem) Of(
        CheckArguments args,
        PlacedRelation here,
        PlacedRelation there
    )
    {
        var rename = args.Map("rename");
        var digits = (int)(args.Number("digits") ?? 15);
        var excluded = args.Texts("exclude_columns");
        var (key, named) = (args.Texts("key"), args.Texts("columns"));
        var compared = ImmutableArray.CreateBuilder<ComparedColumn>();
        var leftOut = ImmutableArray.CreateBuilder<string>();
        var isAll = named.IsEmpty;
        ImmutableArray<string> wanted = isAll
            ?
            [
                .. key,
                .. (here.Relation.Columns ?? [])
                    .Select(column => column.Name)
                    .Where(name => !Contains(key, name) && !Contains(excluded, name)),
            ]
            : [.. key, .. named.Where(name => !Contains(key, name))];
        foreach (var name in wanted)
        {
            var other = rename.FirstOrDefault(pair => Same(pair.Key, name)).Value as string ?? name;
            var isAsked = !isAll || Contains(key, name) || other != name;
            var (mine, its) = (here.Relation.FindColumn(name), there.Relation.FindColumn(other));
            if (mine is null || its is null)
            {
                if (isAsked)
                    return (
                        null,
                        new ArgumentProblem(
                            Contains(key, name) ? "key" : "columns",
                            mine is null
                                ? $"{here.Label} has no column '{name}'"
                                : $"{there.Label} has no column '{other}'",
                            mine is null ? null : "name the other side's column with 'rename: {here: there}'"
                        )
                    );
                continue;
            }
            if (Pair(mine, its, digits) is { } pair)
                compared.Add(pair);
            else if (isAsked)
                return (
                    null,
                    new ArgumentProblem(
                        Contains(key, name) ? "key" : "columns",
                        $"column '{name}' cannot be reconciled: it is {mine.Type} here and {its.Type} there",
                        "cast one of them in its model, or leave the column out with 'exclude_columns'"
                    )
                );
            else
                leftOut.Add(name);
        }
        if (compared.Count == 0)
            return (null, new ArgumentProblem(null, "the two relations have no column in common"));
        var keys = compared.Where(column => Contains(key, column.Here)).ToImmutableArray();
        return (
            keys.IsEmpty
                ? new ColumnPairs(compared.ToImmutable(), [], leftOut.ToImmutable()) { HasKey = false }
                : new ColumnPairs(keys, [.. compared.Except(keys)], leftOut.ToImmutable()) { HasKey = true },
            null
        );
    }

    private static ComparedColumn? Pair(CheckColumn here, CheckColumn there, int digits)
    {
        var (a, b) = (TypeNames.Classify(here.Type), TypeNames.Classify(there.Type));
        var (typeHere, typeThere) = (
            TypeNames.Normalize(here.Type ?? ""),
            TypeNames.Normalize(there.Type ?? "")
        );
        Representation? how = (a, b) switch
        {
            (TypeFamily.Boolean, TypeFamily.Boolean) => Representation.Boolean,
            (TypeFamily.Integer, TypeFamily.Integer) => Representation.Whole,
            _ when !TypeNames.IsNumeric(a) != !TypeNames.IsNumeric(b) => null,
            (TypeFamily.Float, _) or (_, TypeFamily.Float) => Representation.Float,
            _ when TypeNames.IsNumeric(a) => Representation.Exact,
            _ when TypeNames.IsTemporal(a) && TypeNames.IsTemporal(b) => Representation.Instant,
            (TypeFamily.Time, TypeFamily.Time) => Representation.Time,
            (TypeFamily.Uuid, TypeFamily.Uuid or TypeFamily.Text) or (TypeFamily.Text, TypeFamily.Uuid) =>
                Representation.Uuid,
            (TypeFamily.Text, TypeFamily.Text) => Representation.Text,
            // the words of an enumeration are text on the other side, and may be an enumeration of its own there
            (TypeFamily.Text or TypeFamily.Other, TypeFamily.Text or TypeFamily.Other)
                when IsEnumeration(typeHere, a) && IsEnumeration(typeThere, b) => Representation.Text,
            _ when typeHere == "blob" && typeThere == "blob" => Representation.Bytes,
            _ => null,
        };
        if (how is not { } representation)
            return null;
        var isSingle = IsSingle(here) || IsSingle(there);
        return new ComparedColumn(
            here.Name,
            there.Name,
            representation,
            isSingle ? Math.Min(digits, DigitsOfSingle) : digits
        );
    }

    // DuckDB's own name of a real is float, which is a double by the names of other engines: a real is what says so either way
    private static bool IsSingle(CheckColumn column) =>
        column.Type is { } type
        && (type.Equals("float", StringComparison.OrdinalIgnoreCase) || TypeNames.Normalize(type) == "real");

    private static bool IsEnumeration(string type, TypeFamily family) =>
        family == TypeFamily.Text || type.StartsWith("enum", StringComparison.Ordinal);

    private static bool Contains(ImmutableArray<string> names, string name) =>
        names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
