using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>The arguments of a call, in the places of the parameters.</summary>
internal sealed class BoundArguments(int count)
{
    private static readonly TextSpan s_missing = new(-1, 0);

    private readonly TextSpan[] _spans = CreateSpans(count);
    private Dictionary<string, (TextSpan Name, TextSpan Value)>? _namedSpans;

    public object?[] Values { get; } = count == 0 ? [] : new object?[count];

    /// <summary>The arguments beyond the parameters.</summary>
    public TemplateArray? Rest { get; private set; }

    /// <summary>The arguments whose names are no parameters'.</summary>
    public TemplateObject? Named { get; private set; }

    public bool IsGiven(int index) => _spans[index].Start >= 0;

    public TextSpan SpanOf(int index, TextSpan call) => IsGiven(index) ? _spans[index] : call;

    public TextSpan SpanOfNamed(string name, TextSpan call) =>
        _namedSpans is not null && _namedSpans.TryGetValue(name, out var spans) ? spans.Value : call;

    public TextSpan NameSpanOf(string name, TextSpan call) =>
        _namedSpans is not null && _namedSpans.TryGetValue(name, out var spans) ? spans.Name : call;

    public void Set(int index, object? value, TextSpan span)
    {
        Values[index] = value;
        _spans[index] = span;
    }

    public void AddRest(object? value, TextSpan span)
    {
        (Rest ??= []).Add(value);
        if (Values.Length > 0 && ReferenceEquals(Values[^1], null))
        {
            Values[^1] = Rest;
            _spans[^1] = span;
        }
    }

    public void AddNamed(string name, object? value, TextSpan nameSpan, TextSpan valueSpan)
    {
        (Named ??= []).Set(name, value);
        _namedSpans ??= new Dictionary<string, (TextSpan Name, TextSpan Value)>(StringComparer.Ordinal);
        _namedSpans[name] = (nameSpan, valueSpan);
    }

    private static TextSpan[] CreateSpans(int count)
    {
        if (count == 0)
            return [];
        var spans = new TextSpan[count];
        Array.Fill(spans, s_missing);
        return spans;
    }
}
