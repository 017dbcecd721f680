using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>
/// Collects diagnostics within one phase; safe to share between threads. The result is sorted, so
/// that it does not depend on which thread was first.
/// </summary>
public sealed class DiagnosticBag
{
    private readonly Lock _lock = new();
    private readonly List<Diagnostic> _items = [];
    private volatile bool _hasErrors;

    public bool HasErrors => _hasErrors;

    /// <summary>Whether something is wrong in a file, so that what follows from its contents is not to be trusted.</summary>
    public bool HasErrorIn(SourceText file)
    {
        lock (_lock)
            return _items.Exists(item => item.IsError && item.Span?.File.Path == file.Path);
    }

    public void Add(Diagnostic diagnostic)
    {
        lock (_lock)
            _items.Add(diagnostic);
        if (diagnostic.IsError)
            _hasErrors = true;
    }

    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
            Add(diagnostic);
    }

    /// <summary>Everything so far, without repetitions, ordered by file, offset and code.</summary>
    public ImmutableArray<Diagnostic> ToSorted()
    {
        lock (_lock)
        {
            if (_items.Count == 0)
                return [];
            var misspelt = _items
                .Where(d => d.Code == ProjectDiagnostics.Misspelt)
                .Select(d => d.Span?.File.Path)
                .ToHashSet();
            return
            [
                .. _items
                    .Where(d => !d.MayBeMisspelt || !misspelt.Contains(d.Span?.File.Path))
                    .DistinctBy(d => (d.Code, d.Span?.File.Path, d.Span?.Span, d.Message))
                    .OrderBy(d => d.Span?.File.Path, StringComparer.Ordinal)
                    .ThenBy(d => d.Span?.Span.Start ?? 0)
                    .ThenBy(d => d.Code, StringComparer.Ordinal)
                    .ThenBy(d => d.Message, StringComparer.Ordinal),
            ];
        }
    }
}
