using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Clock;

/// <summary>Where a template has written the start of the run (<c>run_started_at</c>) into its SQL: what is other text while the clock stands still.</summary>
internal static class InstantPlaces
{
    /// <param name="sql">What runs.</param>
    /// <param name="timeless">The same with the clock standing still.</param>
    /// <returns>Where tokens begin in <paramref name="sql"/>. Where the two have other tokens altogether, the first one that differs.</returns>
    public static ImmutableArray<int> Find(string sql, string timeless)
    {
        if (sql == timeless)
            return [];
        var places = ImmutableArray.CreateBuilder<int>();
        var (now, then) = (new SqlLexer(sql), new SqlLexer(timeless));
        while (now.TryReadCode(out var token))
        {
            if (!then.TryReadCode(out var other) || other.Kind != token.Kind)
                return places.Count > 0 ? places.ToImmutable() : [token.Start];
            if (!TextOf(sql, token).SequenceEqual(TextOf(timeless, other)))
                places.Add(token.Start);
        }
        return places.ToImmutable();
    }

    private static ReadOnlySpan<char> TextOf(string sql, SqlToken token) =>
        sql.AsSpan(token.Start, token.Length);
}
