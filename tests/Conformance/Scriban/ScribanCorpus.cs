using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Conformance.Scriban;

/// <summary>What a template engine for the Scriban language must print.</summary>
public sealed class ScribanCorpus : ICorpus
{
    private const string MainPath = "main";

    public string Folder => "scriban";

    public IEnumerable<CaseResult> Run(string folder, CancellationToken cancellationToken)
    {
        foreach (var @case in Read(folder))
            yield return Run(@case, cancellationToken);
    }

    public static IEnumerable<ScribanCase> Read(string folder)
    {
        foreach (var line in File.ReadLines(Path.Combine(folder, "cases.jsonl")))
        {
            if (line.Length > 0 && JsonSerializer.Deserialize<ScribanCase>(line) is { } @case)
                yield return @case;
        }
    }

    public static CaseResult Run(ScribanCase @case, CancellationToken cancellationToken)
    {
        string? reason;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            reason = Judge(@case, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reason = "took longer than 10 s";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            reason = $"crashed: {exception.GetType().Name}: {exception.Message}";
        }
        return new CaseResult(@case.Id, @case.Category, reason);
    }

    private static string? Judge(ScribanCase @case, CancellationToken cancellationToken)
    {
        var depth = Option(@case, "expression_depth_limit", 250);
        var parse = TemplateParseOptions.Lenient with { IsScript = @case.Mode == "script", MaxDepth = depth };
        var template = Template.Parse(new SourceText(MainPath, @case.Template), parse);
        if (template.HasErrors)
            return Judge(@case, template.Diagnostics.First(diagnostic => diagnostic.IsError), "");
        var result = TemplateRenderer.Render(
            template,
            CreateScope(@case),
            CreateOptions(@case),
            cancellationToken
        );
        return Judge(@case, result.Diagnostics.FirstOrDefault(diagnostic => diagnostic.IsError), result.Text);
    }

    private static string? Judge(ScribanCase @case, Diagnostic? error, string output)
    {
        if (!@case.ExpectsError)
            return error is null ? JudgeOutput(@case, output) : $"unexpected error: {Describe(error)}";
        if (error is null)
            return $"expected an error, printed {Quote(output)}";
        var places = @case.Error?.Messages ?? [];
        return places.Any(place => IsAt(error, place))
            ? null
            : $"error at another line than {string.Join(" or ", places.Select(place => place.Line).Distinct())}: {Describe(error)}";
    }

    private static bool IsAt(Diagnostic error, ScribanCaseError.Place place) =>
        error.Span is { } span
        && span.Start.Line == place.Line
        && (place.File is null || span.File.Path == place.File);

    private static string? JudgeOutput(ScribanCase @case, string output)
    {
        if (@case.ExpectedRegex is { } pattern)
        {
            return Regex.IsMatch(output, $@"\A(?:{pattern})\z", RegexOptions.None, TimeSpan.FromSeconds(10))
                ? null
                : $"{Quote(output)} does not match {pattern}";
        }
        return output == @case.Expected ? null : $"expected {Quote(@case.Expected)}, printed {Quote(output)}";
    }

    private static TemplateScope CreateScope(ScribanCase @case)
    {
        var values = new Dictionary<string, object?>();
        foreach (var function in @case.Functions ?? [])
            values[function] = ScribanFunctions.Create(function);
        if (@case.Model is { ValueKind: JsonValueKind.Object } model)
        {
            foreach (var member in model.EnumerateObject())
                values[member.Name] = member.Value;
        }
        return TemplateScope.Create(values);
    }

    private static RenderOptions CreateOptions(ScribanCase @case)
    {
        var lenient = RenderOptions.Lenient;
        return lenient with
        {
            Limits = lenient.Limits with
            {
                Iterations = Option(@case, "loop_limit", lenient.Limits.Iterations),
                Recursion = Option(@case, "recursive_limit", lenient.Limits.Recursion),
                OutputLength = Option(@case, "limit_to_string", lenient.Limits.OutputLength),
                ObjectDepth = Option(@case, "object_recursion_limit", lenient.Limits.ObjectDepth),
            },
            StrictVariables = Option(@case, "strict_variables", false),
            StrictMembers = !Option(@case, "relaxed_member_access", true),
            StrictIndexes = !Option(@case, "relaxed_indexer_access", true),
            AllowNullTargets = Option(@case, "relaxed_target_access", false),
            AllowNullIndexes = Option(@case, "null_indexer", false),
            AutoIndent = Option(@case, "auto_indent", true),
            IndentEmptyLines = Option(@case, "indent_on_empty_lines", true),
            RejectStatementFunctions = Option(@case, "error_for_statement_function_as_expression", false),
            Culture = CultureInfo.GetCultureInfo(Option(@case, "culture", "")),
            Loader = @case.Templates is { } templates ? new Loader(templates) : null,
        };
    }

    private static T Option<T>(ScribanCase @case, string name, T @default) =>
        @case.Options is { } options
        && options.TryGetValue(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value.Deserialize<T>() ?? @default
            : @default;

    private static string Describe(Diagnostic error) => $"{error.Span}: {error.Code} {error.Message}";

    private static string Quote(string? text)
    {
        var quoted = JsonSerializer.Serialize(text, s_readable);
        return quoted.Length > 300 ? quoted[..300] + "..." : quoted;
    }

    private static readonly JsonSerializerOptions s_readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private sealed class Loader(IReadOnlyDictionary<string, string> templates) : ITemplateLoader
    {
        public Template? Load(string name) =>
            templates.TryGetValue(name, out var text)
                ? Template.Parse(new SourceText(name, text), TemplateParseOptions.Lenient)
                : null;
    }
}
