using System.Collections.Immutable;

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
        if (threads <= 1 || items.Count < Worthwhile)
        {
            for (var i = 0; i < items.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                results[i] = body(items[i]);
            }
        }
        else
        {
            var options = new ParallelOptions
            {
                MaxDegreeOfParallelism = threads,
                CancellationToken = cancellation,
            };
            Parallel.For(0, items.Count, options, i => results[i] = body(items[i]));
        }
        return [.. results];
    }
}
