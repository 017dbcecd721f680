using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Rows;

/// <summary>
/// The columns of one query that are of the run, by what each of its selects gives and reads. What cannot be told is not: a column left out
/// by mistake would make two rows look like one. Every column comes with its origin: where two are equal, so are the values.
/// </summary>
/// <param name="ofRelation">The columns of the run of the relation whose name stands at an offset; null for what is no relation.</param>
internal sealed class RunDependentQuery(
    SqlTokenTree tokens,
    Func<int, ImmutableDictionary<string, string>?> ofRelation,
    string? today,
    bool takesChance
)
{
    public static readonly ImmutableDictionary<string, string> None = ImmutableDictionary.Create<
        string,
        string
    >(StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _keys = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is a key of rows in any of its selects, once its columns are known.</summary>
    public IReadOnlySet<string> Keys => _keys;

    private readonly record struct Given(string? Alias, ImmutableDictionary<string, string> Columns);

    /// <summary>What one item of a select list gives.</summary>
    /// <param name="Names">How its column is called; an engine may call one in either way. Of a star all that are of the run.</param>
    /// <param name="Origin">Null for what says something of the row, and for a star.</param>
    private readonly record struct Output(
        ImmutableDictionary<string, string> Names,
        string? Origin,
        string? Taken,
        bool IsStar
    );

    public ImmutableDictionary<string, string> Columns() =>
        SelectQueryParser.Parse(tokens) is { } query
            ? Of(
                query,
                ImmutableDictionary.Create<string, ImmutableDictionary<string, string>>(
                    StringComparer.OrdinalIgnoreCase
                )
            )
            : None;

    private ImmutableDictionary<string, string> Of(
        SelectQuery query,
        ImmutableDictionary<string, ImmutableDictionary<string, string>> known
    )
    {
        foreach (var table in query.Tables)
        {
            // what reads itself begins with nothing known of it
            known = known.SetItem(table.Name, None);
            known = known.SetItem(table.Name, table.Query is { } inner ? Of(inner, known) : None);
        }
        var branches = query.Branches.Select(branch => OutputsOf(branch, known)).ToList();
        if (branches.Count == 1)
            return NamesOf(branches[0]);
        return query.IsByName ? branches.Select(NamesOf).Aggregate(InBoth) : NamesOf(InAll(branches));
    }

    /// <summary>What is of the run in both, and the same there.</summary>
    private static ImmutableDictionary<string, string> InBoth(
        ImmutableDictionary<string, string> one,
        ImmutableDictionary<string, string> other
    ) =>
        one.RemoveRange(
            one.Where(column => other.GetValueOrDefault(column.Key) != column.Value).Select(c => c.Key)
        );

    private static ImmutableDictionary<string, string> NamesOf(ImmutableArray<Output> outputs)
    {
        var taken = outputs.Select(output => output.Taken).OfType<string>();
        return outputs.Aggregate(None, (all, one) => all.SetItems(one.Names)).RemoveRange(taken);
    }

    /// <summary>
    /// A union puts columns of a place together, and calls them as the first branch does. Where the branches make other values of the run, these tell
    /// the rows of one from those of another: <c>'shop ' || now()</c> and <c>'web ' || now()</c>.
    /// </summary>
    private static ImmutableArray<Output> InAll(List<ImmutableArray<Output>> branches)
    {
        var first = branches[0];
        var stars = first.Select(output => output.IsStar).ToList();
        // with one star in the same place what stands before and behind it does, too
        var areAlike =
            stars.Count(isStar => isStar) < 2
            && branches.TrueForAll(branch => branch.Select(output => output.IsStar).SequenceEqual(stars));
        if (!areAlike)
            return [];
        return
        [
            .. first.Select(
                (output, i) =>
                    output.Origin is { } origin && branches.TrueForAll(branch => branch[i].Origin == origin)
                        ? output
                        : output with
                        {
                            Names = None,
                            Taken = output.Taken ?? output.Names.Keys.FirstOrDefault(),
                        }
            ),
        ];
    }

    private ImmutableArray<Output> OutputsOf(
        SelectQuery.Branch branch,
        ImmutableDictionary<string, ImmutableDictionary<string, string>> known
    )
    {
        var inputs = branch
            .Inputs.Where(input => !input.IsHidden)
            .Select(input => Read(input, known))
            .ToList();
        var expression = new RunDependentExpression(tokens, OriginOf, today, takesChance);
        var keys = new RowKeys(tokens, branch);
        return [.. branch.Items.Select(OutputOf)];

        string? OriginOf(string? of, string name)
        {
            if (of is not null)
                return One(inputs, of).GetValueOrDefault(name);
            return branch.Merged.Contains(name, StringComparer.OrdinalIgnoreCase)
                ? null
                : inputs
                    .Select(input => input.Columns.GetValueOrDefault(name))
                    .FirstOrDefault(origin => origin is not null);
        }

        Output OutputOf(SelectQuery.Item item, int place)
        {
            if (item.Star is { } star)
                return new Output(keys.Without(OfStar(star, inputs)), null, null, true);
            var isKey = keys.Contain(item, place);
            if (isKey && item.Name is { } key)
                _keys.Add(key);
            if (isKey || expression.OriginOf(item.Expression) is not { } origin)
                return new Output(None, null, item.Name, false);
            return new Output(
                None.SetItems(
                    (item.Name is { } name ? [name] : MadeNames(item)).Select(one =>
                        KeyValuePair.Create(one, origin)
                    )
                ),
                origin,
                null,
                false
            );
        }
    }

    private Given Read(
        SelectQuery.Input input,
        ImmutableDictionary<string, ImmutableDictionary<string, string>> known
    )
    {
        // where a row may be missing, a null says that it is
        if (input.MayBeMissing)
            return new Given(input.Alias, None);
        var columns =
            input.Query is { } query ? Of(query, known)
            : input.Start >= 0 && ofRelation(input.Start) is { } relation ? relation
            : input.Name is { } name && known.TryGetValue(name, out var table) ? table
            : None;
        return new Given(input.Alias, columns);
    }

    private static ImmutableDictionary<string, string> One(List<Given> inputs, string alias)
    {
        var found = inputs.FindAll(input =>
            string.Equals(input.Alias, alias, StringComparison.OrdinalIgnoreCase)
        );
        return found.Count == 1 ? found[0].Columns : None;
    }

    // of several inputs the first column of a name keeps it, and which one has it is not known
    private static ImmutableDictionary<string, string> OfStar(SelectQuery.Star star, List<Given> inputs)
    {
        if (!star.IsPlain)
            return None;
        var columns =
            star.Of is { } alias ? One(inputs, alias)
            : inputs.Count == 1 ? inputs[0].Columns
            : None;
        return columns.RemoveRange(star.Except);
    }

    /// <summary>As engines call a column that is a function and has no other name: <c>now</c>, <c>now()</c>.</summary>
    private string[] MadeNames(SelectQuery.Item item)
    {
        var (start, end) = (item.Expression.Start.Value, item.Expression.End.Value);
        if (tokens.KindAt(start) != SqlTokenKind.Word)
            return [];
        var word = tokens.TextAt(start);
        var isEmptyCall =
            end == start + 3 && tokens.IsSymbol(start + 1, '(') && tokens.IsSymbol(start + 2, ')');
        return isEmptyCall ? [word, $"{word}()"] : [];
    }
}
