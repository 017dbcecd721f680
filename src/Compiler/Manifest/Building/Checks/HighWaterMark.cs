using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>
/// Finds the condition that leaves out rows which are not newer than those a model has: <c>where ts > (select max(ts) from {{ this }})</c>.
/// By tokens: what stands in a comment, a string or a select list leaves out nothing.
/// </summary>
/// <param name="own">Where the names of the model's own relation stand.</param>
internal sealed class HighWaterMark(SqlTokenTree tokens, ImmutableHashSet<int> own)
{
    // of a row that has just been taken in they are always newer
    private static readonly string[] s_alwaysNewer = ["_ingested_at", "_batch_id"];

    private readonly HashSet<string> _maxima = new(StringComparer.OrdinalIgnoreCase);

    /// <returns>Where the comparison stands; null where there is none.</returns>
    public int? Find()
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (ReadTableOfMaximum(i) is { } name)
                _maxima.Add(name);
        }
        return Find(0, tokens.Count, isCondition: false);
    }

    private int? Find(int start, int end, bool isCondition)
    {
        // filter (where ...) chooses what is counted, and no rows
        var first = start < end && tokens.Is(start, "where") ? start + 1 : start;
        for (var i = first; i < end; i++)
        {
            if (tokens.Is(i, "where", "qualify", "having", "on"))
                isCondition = true;
            else if (tokens.Is(i, "select", "from", "join", "group", "order", "union", "window"))
                isCondition = false;
            else if (isCondition && IsMark(i))
                return tokens[i].Start;
            var close = tokens.Closing(i);
            if (close == i)
                continue;
            if (Find(i + 1, close, isCondition) is { } found)
                return found;
            i = close;
        }
        return null;
    }

    private bool IsMark(int at)
    {
        if (!tokens.IsSymbol(at, '>') && !tokens.IsSymbol(at, '<') || IsAlwaysNewer(at - 1))
            return false;
        var operand = tokens.IsSymbol(at + 1, '=') ? at + 2 : at + 1;
        if (tokens.Is(operand, "coalesce"))
            operand++;
        while (tokens.IsSymbol(operand, '('))
        {
            if (tokens.Is(operand + 1, "select"))
                return IsMaximum(operand + 1, tokens.Closing(operand));
            operand++;
        }
        return false;
    }

    private bool IsAlwaysNewer(int at) =>
        tokens.IsName(at) && s_alwaysNewer.Contains(tokens.NameAt(at), StringComparer.OrdinalIgnoreCase);

    // with m as (select max(ts) as m from {{ this }})
    private string? ReadTableOfMaximum(int at)
    {
        if (!tokens.IsName(at) || !tokens.Is(at + 1, "as") || !tokens.IsSymbol(at + 2, '('))
            return null;
        return tokens.Is(at + 3, "select") && IsMaximum(at + 3, tokens.Closing(at + 2))
            ? tokens.NameAt(at)
            : null;
    }

    private bool IsMaximum(int select, int end)
    {
        var hasMaximum = false;
        for (var i = select + 1; i < end; i++)
        {
            hasMaximum |= tokens.Is(i, "max") && tokens.IsSymbol(i + 1, '(');
            // coalesce(max(ts), ...) is one level down
            if (!tokens.Is(i, "from"))
                continue;
            var read = i + 1;
            return read < end
                && (
                    hasMaximum && own.Contains(tokens[read].Start)
                    || tokens.IsName(read) && _maxima.Contains(tokens.NameAt(read))
                );
        }
        return false;
    }
}
