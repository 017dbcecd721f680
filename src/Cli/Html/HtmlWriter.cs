using System.Net;
using System.Text;

namespace Strata.Cli.Html;

/// <summary>Writes HTML whose texts and attributes cannot be anything but text: everything is escaped on its way in.</summary>
public sealed class HtmlWriter
{
    private static readonly HashSet<string> Void = ["meta", "input", "rect"];

    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    public HtmlWriter Open(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            if (value is not null)
                _text.Append(' ').Append(name).Append("=\"").Append(WebUtility.HtmlEncode(value)).Append('"');
        }
        var isVoid = Void.Contains(element);
        _text.Append(isVoid ? "/>" : ">");
        if (!isVoid)
            _open.Push(element);
        return this;
    }

    public HtmlWriter Close()
    {
        var element = _open.Pop();
        _text.Append("</").Append(element).Append('>');
        // text inside of pre keeps its line breaks; between blocks one makes the file readable
        if (element is "div" or "section" or "tr" or "details" or "p" or "table" or "header" or "li" or "nav")
            _text.Append('\n');
        return this;
    }

    public HtmlWriter Text(string? text)
    {
        _text.Append(WebUtility.HtmlEncode(text));
        return this;
    }

    /// <summary>An element that holds nothing but text.</summary>
    public HtmlWriter Element(
        string element,
        string? text,
        params ReadOnlySpan<(string Name, string? Value)> attributes
    ) => Open(element, attributes).Text(text).Close();

    /// <summary>A style sheet or script of our own.</summary>
    public HtmlWriter Own(string element, string code)
    {
        _text
            .Append('<')
            .Append(element)
            .Append(">\n")
            .Append(code)
            .Append("</")
            .Append(element)
            .Append(">\n");
        return this;
    }

    public override string ToString() => _text.ToString();
}
