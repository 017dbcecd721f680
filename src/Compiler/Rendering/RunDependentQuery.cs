using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Rendering;

/// <summary>
/// The columns of one query that are of the run, by what each of its selects gives and reads. What cannot be told is not: a column left out
/// by mistake would make two rows look like one.
/// </summary>
/// <param name="ofRelation">The columns of the run of the relation whose name stands at an offset; null for what is no relation.</param>
internal sealed class RunDependentQuery(
    SqlTokenTree tokens,
    Func<int, ImmutableHashSet<string>?> ofRelation,
    string? today,
    bool takesChance
)
{
    private static readonly ImmutableHashSet<string> s_none = ImmutableHashSet.Create<string>(
        StringComparer.OrdinalIgnoreCase
    );

    private readonly record struct Given(string? Alias, ImmutableHashSet<string> Columns);

    /// <summary>What one item of a select list gives.</summary>
    /// <param name="Names">Of the columns that are of the run; an engine may call one in either way.</param>
    /// <param name="Taken">A name that says something of the row.</param>
    private readonly record struct Output(ImmutableHashSet<string> Names, string? Taken, bool IsStar);

    public ImmutableHashSet<string> Columns() =>
        SelectQueryParser.Parse(tokens) is { } query
            ? Of(
                query,
                ImmutableDictionary.Create<string, ImmutableHashSet<string>>(StringComparer.OrdinalIgnoreCase)
            )
            : s_none;

    private ImmutableHashSet<string> Of(
        SelectQuery query,
        ImmutableDictionary<string, ImmutableHashSet<string>> known
    )
    {
        foreach (var table in query.Tables)
        {
            // what reads itself begins with nothing known of it
            known = known.SetItem(table.Name, s_none);
            known = known.SetItem(table.Name, table.Query is { } inner ? Of(inner, known) : s_none);
        }
        var branches = query.Branches.Select(branch => OutputsOf(branch, known)).ToList();
        if (branches.Count == 1)
            return NamesOf(branches[0]);
        if (query.IsByName)
            return branches.Select(NamesOf).Aggregate((all, one) => all.Intersect(one));
        return NamesOf(InAll(branches));
    }

    private static ImmutableHashSet<string> NamesOf(ImmutableArray<Output> outputs)
    {
        var taken = outputs.Select(output => output.Taken).OfType<string>();
        return outputs.Aggregate(s_none, (all, one) => all.Union(one.Names)).Except(taken);
    }

    /// <summary>A union puts columns of a place together, and calls them as the first branch does.</summary>
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
                    !output.IsStar && branches.TrueForAll(branch => !branch[i].Names.IsEmpty)
                        ? output
                        : output with
                        {
                            Names = s_none,
                            Taken = output.Taken ?? output.Names.FirstOrDefault(),
                        }
            ),
        ];
    }

    private ImmutableArray<Output> OutputsOf(
        SelectQuery.Branch branch,
        ImmutableDictionary<string, ImmutableHashSet<string>> known
    )
    {
        var inputs = branch.Inputs.Select(input => Read(input, known)).ToList();
        var expression = new RunDependentExpression(tokens, IsRunDependent, today, takesChance);
        return [.. branch.Items.Select(OutputOf)];

        bool IsRunDependent(string? of, string name) =>
            of is null
                ? inputs.Exists(input => input.Columns.Contains(name))
                    && !branch.Merged.Contains(name, StringComparer.OrdinalIgnoreCase)
                : One(inputs, of).Contains(name);

        Output OutputOf(SelectQuery.Item item)
        {
            if (item.Star is { } star)
                return new Output(OfStar(star, inputs), null, true);
            if (!expression.Holds(item.Expression))
                return new Output(s_none, item.Name, false);
            return new Output(item.Name is { } name ? s_none.Add(name) : MadeNames(item), null, false);
        }
    }

    private Given Read(SelectQuery.Input input, ImmutableDictionary<string, ImmutableHashSet<string>> known)
    {
        // where a row may be missing, a null says that it is
        if (input.MayBeMissing)
            return new Given(input.Alias, s_none);
        var columns =
            input.Query is { } query ? Of(query, known)
            : input.Start >= 0 && ofRelation(input.Start) is { } relation ? relation
            : input.Name is { } name && known.TryGetValue(name, out var table) ? table
            : s_none;
        return new Given(input.Alias, columns);
    }

    private static ImmutableHashSet<string> One(List<Given> inputs, string alias)
    {
        var found = inputs.FindAll(input =>
            string.Equals(input.Alias, alias, StringComparison.OrdinalIgnoreCase)
        );
        return found.Count == 1 ? found[0].Columns : s_none;
    }

    // of several inputs the first column of a name keeps it, and which one has it is not known
    private static ImmutableHashSet<string> OfStar(SelectQuery.Star star, List<Given> inputs)
    {
        if (!star.IsPlain)
            return s_none;
        var columns =
            star.Of is { } alias ? One(inputs, alias)
            : inputs.Count == 1 ? inputs[0].Columns
            : s_none;
        return columns.Except(star.Except);
    }

    /// <summary>As engines call a column that is a function and has no other name: <c>now</c>, <c>now()</c>.</summary>
    private ImmutableHashSet<string> MadeNames(SelectQuery.Item item)
    {
        var (start, end) = (item.Expression.Start.Value, item.Expression.End.Value);
        if (tokens.KindAt(start) != SqlTokenKind.Word)
            return s_none;
        var word = tokens.TextAt(start);
        var isEmptyCall =
            end == start + 3 && tokens.IsSymbol(start + 1, '(') && tokens.IsSymbol(start + 2, ')');
        return isEmptyCall ? s_none.Add(word).Add($"{word}()") : s_none;
    }
}
