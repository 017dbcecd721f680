using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Strata.Compiler.Project.Yaml;

/// <summary>
/// Builds a tree with places from one YAML document. It works on the parser's events rather than on the
/// library's own tree, because that one gives up at the first repeated key.
/// </summary>
public static class YamlReader
{
    /// <summary>The tree, or null for an empty file or one that is not YAML (which is reported).</summary>
    public static YamlNode? Read(SourceText file, DiagnosticBag diagnostics) =>
        Read(file, diagnostics, out _);

    /// <param name="isReadable">False when the text is not YAML.</param>
    public static YamlNode? Read(SourceText file, DiagnosticBag diagnostics, out bool isReadable)
    {
        isReadable = true;
        var reader = new Reader(file, diagnostics);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException exception)
        {
            isReadable = false;
            diagnostics.Add(ProjectDiagnostics.YamlSyntax(PlaceOf(file, exception), Tidy(exception.Message)));
            return null;
        }
    }

    private static SourceSpan PlaceOf(SourceText file, YamlException exception)
    {
        var start = (int)Math.Clamp(exception.Start.Index, 0, file.Length);
        // the library names the block that the tab stands in
        if (
            exception.Message.Contains("tab", StringComparison.Ordinal)
            && FindTab(file, start) is var tab and >= 0
        )
            return file.Span(tab, 1);
        var line = file.GetPosition(start).Line;
        var end = (int)Math.Clamp(exception.End.Index, start, file.Length);
        if (file.GetPosition(end).Line != line)
            end = start;
        return file.Span(start, end - start);
    }

    private static int FindTab(SourceText file, int start)
    {
        for (var line = file.GetPosition(start).Line; line <= file.LineCount; line++)
        {
            var text = file.GetLine(line);
            var tab = text.IndexOf('\t');
            if (tab >= 0 && text.AsSpan(0, tab).IsWhiteSpace())
                return file.GetOffset(new LinePosition(line, tab + 1));
        }
        return -1;
    }

    private static string Tidy(string message)
    {
        // the library puts its own place in front of some messages
        var colon = message.StartsWith("(Line:", StringComparison.Ordinal)
            ? message.IndexOf("): ", StringComparison.Ordinal)
            : -1;
        var text = (colon < 0 ? message : message[(colon + 3)..]).TrimEnd('.', ' ');
        return text.Length == 0 ? "not valid YAML" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    private sealed class Reader(SourceText file, DiagnosticBag diagnostics)
    {
        private const int MaxDepth = 100;

        private readonly Parser _parser = new(new Scanner(new StringReader(file.Text), skipComments: true));
        private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
        private int _depth;

        public YamlNode? ReadDocument()
        {
            _parser.Consume<StreamStart>();
            if (!_parser.Accept<DocumentStart>(out _))
                return null;
            _parser.Consume<DocumentStart>();
            var root = ReadNode();
            _parser.Consume<DocumentEnd>();
            if (_parser.Accept<DocumentStart>(out var second))
                throw new SyntaxErrorException(
                    second.Start,
                    second.End,
                    "A file holds one document; this is the start of a second one"
                );
            return root is YamlScalar { IsNull: true, Text: "" } ? null : root;
        }

        private YamlNode ReadNode()
        {
            if (_parser.TryConsume<AnchorAlias>(out var alias))
            {
                return _anchors.TryGetValue(alias.Value.Value, out var known)
                    ? known
                    : throw new SyntaxErrorException(
                        alias.Start,
                        alias.End,
                        $"Anchor '{alias.Value.Value}' is not defined above"
                    );
            }
            if (++_depth > MaxDepth)
            {
                var current = _parser.Current;
                throw new SyntaxErrorException(
                    current?.Start ?? default,
                    current?.End ?? default,
                    $"Nested more than {MaxDepth} levels deep"
                );
            }
            var (anchor, node) = ReadValue();
            _depth--;
            if (!anchor.IsEmpty)
                _anchors[anchor.Value] = node;
            return node;
        }

        private (AnchorName Anchor, YamlNode Node) ReadValue()
        {
            if (_parser.TryConsume<Scalar>(out var scalar))
                return (scalar.Anchor, ToScalar(scalar));
            if (_parser.TryConsume<SequenceStart>(out var sequence))
                return (sequence.Anchor, ReadSequence(sequence));
            var mapping = _parser.Consume<MappingStart>();
            return (mapping.Anchor, ReadMapping(mapping));
        }

        private YamlSequence ReadSequence(SequenceStart start)
        {
            var items = ImmutableArray.CreateBuilder<YamlNode>();
            while (!_parser.Accept<SequenceEnd>(out _))
                items.Add(ReadNode());
            var end = _parser.Consume<SequenceEnd>();
            var span = items.Count == 0 ? SpanOf(start.Start, end.End) : SpanOf(start.Start, items[^1].Span);
            return new YamlSequence(items.ToImmutable(), span);
        }

        private YamlMapping ReadMapping(MappingStart start)
        {
            var entries = ImmutableArray.CreateBuilder<YamlMapping.Entry>();
            var seen = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
            var merged = new List<YamlMapping>();
            YamlNode? last = null;
            while (!_parser.Accept<MappingEnd>(out _))
            {
                var keyNode = ReadNode();
                last = ReadNode();
                if (keyNode is not YamlScalar key)
                {
                    diagnostics.Add(ProjectDiagnostics.UnquotedTemplate(keyNode.Span));
                    continue;
                }
                if (key is { Text: "<<", IsPlain: true })
                    Merge(last, merged);
                else if (seen.TryAdd(key.Text, key))
                    entries.Add(new YamlMapping.Entry(key, last));
                else
                    diagnostics.Add(ProjectDiagnostics.DuplicateKey(key.Span, key.Text, seen[key.Text].Span));
            }
            var end = _parser.Consume<MappingEnd>();
            foreach (var entry in merged.SelectMany(mapping => mapping.Entries))
            {
                if (seen.TryAdd(entry.Key.Text, entry.Key))
                    entries.Add(entry);
            }
            var span = last is null ? SpanOf(start.Start, end.End) : SpanOf(start.Start, last.Span);
            return new YamlMapping(entries.ToImmutable(), span);
        }

        private void Merge(YamlNode value, List<YamlMapping> merged)
        {
            switch (value)
            {
                case YamlMapping mapping:
                    merged.Add(mapping);
                    break;
                case YamlSequence sequence when sequence.Items.All(item => item is YamlMapping):
                    merged.AddRange(sequence.Items.Cast<YamlMapping>());
                    break;
                default:
                    diagnostics.Add(
                        ProjectDiagnostics.WrongType(value.Span, "<<", "a mapping to merge", value.Kind)
                    );
                    break;
            }
        }

        private YamlScalar ToScalar(Scalar scalar)
        {
            var span = SpanOf(scalar.Start, scalar.End);
            return scalar.Style is ScalarStyle.Plain && scalar.Tag.IsEmpty
                ? YamlScalar.Plain(scalar.Value, span)
                : new YamlScalar(scalar.Value, scalar.Value, isPlain: false, span);
        }

        private SourceSpan SpanOf(Mark start, Mark end) =>
            file.Span(OffsetOf(start, end), LengthOf(start, end));

        // an alias stands before the place that it is used at; then only the start is known
        private SourceSpan SpanOf(Mark start, SourceSpan last)
        {
            var offset = (int)start.Index;
            return file.Span(offset, Math.Max(0, last.Span.End - offset));
        }

        private static int OffsetOf(Mark start, Mark end) => (int)Math.Min(start.Index, end.Index);

        private static int LengthOf(Mark start, Mark end) => (int)Math.Max(0, end.Index - start.Index);
    }
}
