using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Rendering.Functions;

/// <summary>What templates know of the project besides its relations: configuration, variables, the run.</summary>
internal sealed class ProjectFunctions(
    ImmutableSortedDictionary<string, object?> vars,
    IReadOnlyDictionary<string, string> environment,
    DateTimeOffset runStartedAt,
    VariableReads reads
)
{
    // any instant does, as long as it is the same for every run
    private static readonly DateTimeOffset Timeless = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The functions that need no node, which YAML may use too.</summary>
    public IEnumerable<TemplateFunction> Values =>
        [
            TemplateFunction.Create("var", [new("name"), TemplateParameter.Optional("default")], Var),
            TemplateFunction.Create("env_var", [new("name"), TemplateParameter.Optional("default")], EnvVar),
        ];

    /// <summary>The functions that need the node they are called for.</summary>
    public IEnumerable<TemplateFunction> NodeFunctions =>
        [
            TemplateFunction.Create("config", [], Config, takesAnyName: true),
            TemplateFunction.Create(
                "is_incremental",
                [],
                call => RenderScope.StateOf(call).Binding.IsIncremental
            ),
            TemplateFunction.Create("run_started_at", [], RunStartedAt),
            TemplateFunction.Create(
                "dispatch",
                [new("name"), TemplateParameter.Variadic("arguments")],
                Dispatch
            ),
            TemplateFunction.Create("raise_error", [new("message")], RaiseError),
        ];

    /// <summary>The variables that calls ask for: all that the project has where a name is computed.</summary>
    public IEnumerable<(string Name, object? Value)> Asked(IEnumerable<TemplateCall> calls)
    {
        foreach (var call in calls.Where(call => call.Name is "var" or "env_var"))
        {
            if (call.Arguments is [{ IsConstant: true, Value: string name }, ..])
                yield return call.Name == "var"
                    ? (name, vars.GetValueOrDefault(name))
                    : ($"env {name}", environment.GetValueOrDefault(name));
            else if (call.Name == "var")
                foreach (var (key, value) in vars)
                    yield return (key, value);
        }
    }

    private object? Var(TemplateCallContext call)
    {
        var name = call.Text(0);
        reads.Add(name);
        if (
            RenderScope.OverridesOf(call).Vars.TryGetValue(name, out var value)
            || vars.TryGetValue(name, out value)
        )
            return value;
        if (!call.IsGiven(1))
            call.Fail(ProjectDiagnostics.UndefinedVar(call.SpanOf(0), name, vars.Keys));
        return call[1];
    }

    private object? EnvVar(TemplateCallContext call)
    {
        var name = call.Text(0);
        if (
            RenderScope.OverridesOf(call).EnvVars.TryGetValue(name, out var value)
            || environment.TryGetValue(name, out value)
        )
            return value;
        if (!call.IsGiven(1))
            call.Fail(ProjectDiagnostics.UnsetEnvVar(call.SpanOf(0), name));
        return call[1];
    }

    private static object? Config(TemplateCallContext call)
    {
        var entries = new List<YamlMapping.Entry>();
        foreach (var (name, value) in call.Named)
        {
            var span = call.SpanOf(name);
            var key = ConfigSet.Canonical(name);
            var plain = TemplateValues.ToPlain(value);
            // of a key that there is not it is said that there is none
            if (
                key is not ("pre_hook" or "post_hook" or "meta" or "docs")
                && (ModelConfigShape.Block.Knows(key) || TestSettings.Block.Knows(key))
                && FindTemplate(plain) is { } text
            )
                call.Report(ProjectDiagnostics.TemplateInText(span, name, text));
            entries.Add(
                new YamlMapping.Entry(
                    new YamlScalar(key, key, isPlain: true, call.NameSpanOf(name)),
                    YamlNode.FromValue(plain, span)
                )
            );
        }
        RenderScope.StateOf(call).AddConfig(entries);
        return null;
    }

    /// <summary>The first text that has a template in it, as texts of YAML may. Hooks are rendered later, free data is anybody's.</summary>
    private static string? FindTemplate(object? value) =>
        value switch
        {
            string text => text.Contains("{{", StringComparison.Ordinal) ? text : null,
            IReadOnlyDictionary<string, object?> map => map
                .Values.Select(FindTemplate)
                .FirstOrDefault(found => found is not null),
            System.Collections.IEnumerable items => items
                .Cast<object?>()
                .Select(FindTemplate)
                .FirstOrDefault(found => found is not null),
            _ => null,
        };

    private object RunStartedAt(TemplateCallContext call)
    {
        call.MarkUnrepeatable();
        return Now(RenderScope.StateOf(call)).UtcDateTime;
    }

    /// <summary>What the time is in a render: that of the start of the run, so that all models agree.</summary>
    public DateTimeOffset Now(RenderState state)
    {
        if (state.Binding.Overrides.RunStartedAt is { } given)
            return given;
        state.HasReadClock = true;
        return state.Binding.IsTimeless ? Timeless : runStartedAt;
    }

    private static object? RaiseError(TemplateCallContext call)
    {
        call.Fail(SqlDiagnostics.Raised(call.Span, call.Text(0)));
        return null;
    }

    private static object? Dispatch(TemplateCallContext call)
    {
        var name = call.Text(0);
        var dialect = RenderScope.StateOf(call).Binding.Place.Dialect.Name;
        foreach (var candidate in new[] { $"{dialect}__{name}", $"default__{name}" })
        {
            if (call.Scope.TryGet(candidate, out var value) && value is TemplateFunction macro)
                return call.Call(macro, [.. call.Rest]);
        }
        call.Fail(ReferenceDiagnostics.NothingToDispatch(call.SpanOf(0), name, dialect));
        return null;
    }
}
