using System.Collections.Immutable;

namespace Strata.Compiler.Sql;

/// <summary>
/// A query as far as tokens tell, so that it holds for every engine: its common table expressions, and of each branch of a union what its
/// select list gives and what it reads. Ranges are of tokens.
/// </summary>
/// <param name="IsByName">Whether a union puts columns of a name together, not columns of a place.</param>
internal sealed record SelectQuery(
    ImmutableArray<SelectQuery.CommonTable> Tables,
    ImmutableArray<SelectQuery.Branch> Branches,
    bool IsByName
)
{
    /// <param name="Query">Null where it cannot be told what its columns are.</param>
    /// <param name="Body">All that it is made of.</param>
    internal sealed record CommonTable(string Name, SelectQuery? Query, Range Body);

    internal sealed record Branch(ImmutableArray<Item> Items, ImmutableArray<Input> Inputs)
    {
        /// <summary>Columns that a join puts together.</summary>
        public ImmutableArray<string> Merged { get; init; } = [];

        /// <summary>By what rows are told apart: what stands behind <c>group by</c> and in <c>distinct on</c>.</summary>
        public ImmutableArray<Range> Keys { get; init; } = [];
    }

    /// <summary>One item of a select list.</summary>
    /// <param name="Name">As the column is called; null where it has no name, or the engine makes one.</param>
    /// <param name="Expression">What it is, without its alias.</param>
    internal sealed record Item(string? Name, Range Expression)
    {
        /// <summary>Null unless it stands for several columns.</summary>
        public Star? Star { get; init; }
    }

    /// <param name="Of">The input whose columns are meant; null for all.</param>
    /// <param name="Except">Columns that are left out.</param>
    /// <param name="IsPlain">False where columns change on the way: <c>* replace (...)</c>.</param>
    internal sealed record Star(string? Of, ImmutableArray<string> Except, bool IsPlain);

    /// <summary>What a branch reads.</summary>
    /// <param name="Name">The name of the relation, if it has no schema.</param>
    /// <param name="Alias">What its columns are called by.</param>
    /// <param name="Start">Where its name stands in the text.</param>
    /// <param name="Query">What is read, if it is a subquery.</param>
    internal sealed record Input(string? Name, string? Alias, int Start, SelectQuery? Query)
    {
        /// <summary>Of which nothing is known.</summary>
        public static readonly Input Unknown = new(null, null, -1, null);

        /// <summary>All that it is made of.</summary>
        public Range Body { get; init; }

        /// <summary>Whether it only says which rows there are: what a semi or an anti join looks into gives no columns.</summary>
        public bool IsHidden { get; init; }

        /// <summary>Whether an outer join may have no row of it, so that a null in its columns says something.</summary>
        public bool MayBeMissing { get; init; }
    }
}
