using System.Collections;

namespace Strata.Compiler.Templating.Values;

/// <summary>The integers <c>from..to</c>, upwards or downwards, made when they are asked for.</summary>
internal sealed class TemplateRange : IReadOnlyList<object?>
{
    private readonly long _first;
    private readonly int _step;

    private TemplateRange(long first, int step, int count)
    {
        _first = first;
        _step = step;
        Count = count;
    }

    public int Count { get; }

    public object? this[int index] => Boxes.Of(_first + ((long)_step * index));

    /// <summary>Null where there are more items than an array can have.</summary>
    public static TemplateRange? TryCreate(long from, long to, bool isExclusive)
    {
        var step = from <= to ? 1 : -1;
        var distance = (System.Numerics.BigInteger)to - from;
        var count = System.Numerics.BigInteger.Abs(distance) + (isExclusive ? 0 : 1);
        return count > Array.MaxLength ? null : new TemplateRange(from, step, (int)count);
    }

    public IEnumerator<object?> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
