using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Strata.Compiler.Project;

/// <summary>Does the same for many files at once; the results keep the order of the input.</summary>
internal sealed class FileLoop(int threads, CancellationToken cancellation)
{
    // below this, starting threads costs more than they bring
    private const int Worthwhile = 24;

    public ImmutableArray<TResult> Select<TItem, TResult>(
        IReadOnlyList<TItem> items,
        Func<TItem, TResult> body
    )
    {
        var results = new TResult[items.Count];
        For(items.Count, i => results[i] = body(items[i]));
        return ImmutableCollectionsMarshal.AsImmutableArray(results);
    }

    public void ForEach<TItem>(IReadOnlyList<TItem> items, Action<TItem> body) =>
        For(items.Count, i => body(items[i]));

    private void For(int count, Action<int> body)
    {
        if (threads <= 1 || count < Worthwhile)
        {
            for (var i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                body(i);
            }
            return;
        }
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = threads,
            CancellationToken = cancellation,
        };
        Parallel.For(0, count, options, body);
    }
}
