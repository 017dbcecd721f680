using System.Collections.Concurrent;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating;

/// <summary>
/// Parsed templates by path and content: the same text is parsed once, whoever asks. Safe to share between
/// threads.
/// </summary>
public sealed class TemplateCache
{
    private readonly ConcurrentDictionary<Key, Template> _templates = new();

    public int Count => _templates.Count;

    public Template Parse(SourceText source, TemplateParseOptions? options = null)
    {
        options ??= TemplateParseOptions.Default;
        var key = new Key(source.Path, source.Text, options);
        return _templates.TryGetValue(key, out var template)
            ? template
            : _templates.GetOrAdd(key, Template.Parse(source, options));
    }

    /// <summary>Forgets every template that was not asked for with one of these texts, so that the cache does not grow for ever.</summary>
    public void KeepOnly(IEnumerable<SourceText> sources)
    {
        var kept = sources.Select(source => (source.Path, source.Text)).ToHashSet();
        foreach (var key in _templates.Keys)
        {
            if (!kept.Contains((key.Path, key.Text)))
                _templates.TryRemove(key, out _);
        }
    }

    private readonly record struct Key(string Path, string Text, TemplateParseOptions Options);
}
