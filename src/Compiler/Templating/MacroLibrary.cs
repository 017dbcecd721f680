using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Analysis;
using Strata.Compiler.Templating.Evaluation;
using Strata.Compiler.Templating.Syntax;

namespace Strata.Compiler.Templating;

/// <summary>
/// The macros of a project: every <c>func</c> at the top level of its files is a global function. The order
/// of the files does not matter; macros call each other and whatever the rendering scope holds. Immutable.
/// </summary>
public sealed class MacroLibrary
{
    public static readonly MacroLibrary Empty = Load([]);

    private readonly ImmutableSortedDictionary<string, Macro> _macros;
    private readonly ConcurrentDictionary<string, string> _fingerprints = new(StringComparer.Ordinal);

    private MacroLibrary(
        ImmutableSortedDictionary<string, Macro> macros,
        ImmutableArray<Diagnostic> diagnostics
    )
    {
        _macros = macros;
        Diagnostics = diagnostics;
    }

    /// <summary>The errors of the files, and of the library as a whole. With errors it must not be used to render.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    public bool HasErrors => Diagnostics.Any(diagnostic => diagnostic.IsError);

    /// <summary>The macros, sorted by name.</summary>
    public IEnumerable<Macro> Macros => _macros.Values;

    public static MacroLibrary Load(IEnumerable<Template> templates)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var found = new Dictionary<string, (FunctionStatement Statement, Template File)>(
            StringComparer.Ordinal
        );
        foreach (var template in templates.OrderBy(template => template.Source.Path, StringComparer.Ordinal))
        {
            diagnostics.AddRange(template.Diagnostics);
            if (!template.HasErrors)
                Collect(template, found, diagnostics);
        }
        var macros = ImmutableSortedDictionary.CreateBuilder<string, Macro>(StringComparer.Ordinal);
        foreach (var (name, (statement, file)) in found)
        {
            var facts = FactsCollector.Collect(file.Source, statement.Definition);
            macros.Add(
                name,
                new Macro(
                    name,
                    new UserFunction(statement.Definition, file.Source),
                    file.Source.Span(statement.Span),
                    facts
                )
                {
                    Calls = [.. facts.Read.Where(found.ContainsKey)],
                }
            );
        }
        return new MacroLibrary(macros.ToImmutable(), diagnostics.ToImmutable());
    }

    public bool TryGet(string name, [MaybeNullWhen(false)] out Macro macro) =>
        _macros.TryGetValue(name, out macro);

    /// <summary>A scope that holds the macros, to be shared by all renders.</summary>
    public TemplateScope ToScope(TemplateScope? parent = null) =>
        TemplateScope.Create(
            _macros.Select(macro => KeyValuePair.Create(macro.Key, (object?)macro.Value.Function)),
            parent
        );

    /// <summary>The macros that a text may call, directly or not, those that <c>dispatch</c> may find among them; sorted.</summary>
    /// <param name="dialect">The engine that <c>dispatch</c> looks for macros of; null for any.</param>
    public ImmutableSortedSet<string> Closure(TemplateFacts facts, string? dialect)
    {
        var closure = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        var open = new Stack<TemplateFacts>([facts]);
        while (open.TryPop(out var next))
        {
            foreach (var name in next.Read)
                Add(name);
            if (!next.Read.Contains("dispatch"))
                continue;
            foreach (var name in Dispatched(next, dialect))
                Add(name);
        }
        return closure.ToImmutable();

        void Add(string name)
        {
            if (_macros.TryGetValue(name, out var macro) && closure.Add(name))
                open.Push(macro.Facts);
        }
    }

    // what dispatch looks for may be computed: then it is any macro that has an engine's name
    private IEnumerable<string> Dispatched(TemplateFacts facts, string? dialect)
    {
        const string between = "__";
        return facts
            .Calls.Where(call => call.Name == "dispatch")
            .SelectMany(call =>
                call.Arguments is [{ IsConstant: true, Value: string name }, ..]
                    ? _macros.Keys.Where(macro => macro.EndsWith(between + name, StringComparison.Ordinal))
                    : _macros.Keys.Where(macro => macro.Contains(between, StringComparison.Ordinal))
            )
            .Where(macro =>
                dialect is null
                || macro.StartsWith(dialect + between, StringComparison.Ordinal)
                || macro.StartsWith("default" + between, StringComparison.Ordinal)
            );
    }

    /// <summary>What some of the macros call.</summary>
    public IEnumerable<TemplateCall> CallsOf(IEnumerable<string> macros) =>
        macros.SelectMany(name => _macros[name].Facts.Calls);

    /// <summary>
    /// The macro with every macro that it may call by name, directly or not, sorted. What <c>dispatch</c> may find depends on the engine:
    /// see <see cref="Closure(TemplateFacts, string?)"/>.
    /// </summary>
    public ImmutableSortedSet<string> Closure(string name)
    {
        var closure = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        var open = new Stack<string>([name]);
        while (open.TryPop(out var next))
        {
            if (!_macros.TryGetValue(next, out var macro) || !closure.Add(next))
                continue;
            foreach (var call in macro.Calls)
                open.Push(call);
        }
        return closure.ToImmutable();
    }

    /// <summary>
    /// A hash of the texts of a macro and of all that it may call by name: as long as it stays the same, so does what
    /// the macro does with the same arguments.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no macro of that name.</exception>
    public string Fingerprint(string name)
    {
        if (!_macros.ContainsKey(name))
            throw new KeyNotFoundException($"there is no macro '{name}'");
        return _fingerprints.GetOrAdd(name, ComputeFingerprint);
    }

    private string ComputeFingerprint(string name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var member in Closure(name))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(member));
            hash.AppendData([0]);
            hash.AppendData(Encoding.UTF8.GetBytes(_macros[member].Definition.Text));
            hash.AppendData([0]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Collect(
        Template template,
        Dictionary<string, (FunctionStatement Statement, Template File)> found,
        ImmutableArray<Diagnostic>.Builder diagnostics
    )
    {
        foreach (var statement in template.Body.Statements)
        {
            switch (statement)
            {
                case FunctionStatement { Target: VariableExpression target } function:
                    var span = template.Source.Span(target.Span);
                    if (found.TryGetValue(target.Name, out var other))
                    {
                        var first = other.File.Source.Span(other.Statement.Target.Span);
                        diagnostics.Add(TemplateDiagnostics.DuplicateMacro(span, target.Name, first));
                    }
                    else
                    {
                        found.Add(target.Name, (function, template));
                    }
                    break;
                case TextStatement text
                    when template.Source.Span(text.Span) is var place
                        && !string.IsNullOrWhiteSpace(place.Text):
                    diagnostics.Add(TemplateDiagnostics.NotInMacroFile(FirstLine(place), "text"));
                    break;
                case TextStatement or IndentStatement:
                    break;
                default:
                    diagnostics.Add(
                        TemplateDiagnostics.NotInMacroFile(
                            FirstLine(template.Source.Span(statement.Span)),
                            "this statement"
                        )
                    );
                    break;
            }
        }
    }

    /// <summary>The first line with something on it, so that the message shows it.</summary>
    private static Text.SourceSpan FirstLine(Text.SourceSpan span)
    {
        var text = span.Text;
        var start = text.Length - text.TrimStart().Length;
        var end = text.IndexOfAny(['\r', '\n'], start);
        return span.File.Span(span.Span.Start + start, (end < 0 ? text.Length : end) - start);
    }
}
