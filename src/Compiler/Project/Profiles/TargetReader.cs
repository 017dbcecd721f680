using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Profiles;

/// <summary>Picks a target out of profiles.yml and fills in its environment variables.</summary>
internal static class TargetReader
{
    public static TargetProfile? Read(
        ProfilesFile profiles,
        string? targetName,
        YamlTemplates templates,
        DiagnosticBag diagnostics
    )
    {
        if (profiles.Targets is not { Entries.IsEmpty: false } targets)
        {
            diagnostics.Add(ProjectDiagnostics.MissingKey(profiles.Span, "targets", "profiles.yml"));
            return null;
        }
        var names = targets.Entries.Select(entry => entry.Key.Text).ToImmutableArray();
        var chosen = targetName ?? profiles.Default?.Text ?? names[0];
        TargetProfile? result = null;
        foreach (var entry in targets.Entries)
        {
            if (entry.Key.Text == chosen)
                result = ReadTarget(entry, templates, diagnostics);
            else
                CheckOther(entry, diagnostics);
        }
        if (!names.Contains(chosen))
        {
            var place = targetName is null ? profiles.Default?.Span : null;
            diagnostics.Add(ProjectDiagnostics.UnknownTarget(place, chosen, names));
        }
        return result;
    }

    private static TargetProfile? ReadTarget(
        YamlMapping.Entry target,
        YamlTemplates templates,
        DiagnosticBag diagnostics
    )
    {
        if (target.Value is not YamlMapping mapping)
        {
            diagnostics.Add(
                ProjectDiagnostics.WrongType(
                    target.Value.Span,
                    target.Key.Text,
                    "a mapping of connections",
                    target.Value.Kind
                )
            );
            return null;
        }
        var connections = ImmutableSortedDictionary.CreateBuilder<string, ConnectionConfig>(
            StringComparer.Ordinal
        );
        var aliases = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Entries)
        {
            if (value is YamlScalar { IsNull: false } alias)
                aliases[key.Text] = alias;
            else if (ReadConnection(key, value, templates, diagnostics) is { } connection)
                connections[key.Text] = connection;
        }
        var known = mapping.Entries.Select(entry => entry.Key.Text).ToImmutableArray();
        return new TargetProfile(
            target.Key.Text,
            connections.ToImmutable(),
            FollowAliases(aliases, known, diagnostics)
        );
    }

    private static ConnectionConfig? ReadConnection(
        YamlScalar name,
        YamlNode node,
        YamlTemplates templates,
        DiagnosticBag diagnostics
    )
    {
        var context = new YamlContext(diagnostics, templates.Evaluate);
        if (!ConnectionDeclaration.Shape.TryBind(node, name.Text, context, out var declared))
            return null;
        var options = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var secrets = ImmutableArray.CreateBuilder<string>();
        foreach (var (key, scalar) in declared.Options)
        {
            if (context.Resolve(scalar) is not { } resolved)
                continue;
            options[key] = resolved.Text;
            if (!IsSecret(key) || resolved.Text.Length == 0)
                continue;
            secrets.Add(resolved.Text);
            if (ReferenceEquals(resolved, scalar))
                diagnostics.Add(ProjectDiagnostics.LiteralSecret(scalar.Span, key));
        }
        return declared.Engine is { } engine
            ? new ConnectionConfig(name.Text, engine, options.ToImmutable(), secrets.ToImmutable(), name.Span)
            : null;
    }

    private static bool IsSecret(string option) =>
        option.Contains("password", StringComparison.OrdinalIgnoreCase)
        || option.Contains("secret", StringComparison.OrdinalIgnoreCase)
        || option.Contains("token", StringComparison.OrdinalIgnoreCase);

    private static ImmutableSortedDictionary<string, string> FollowAliases(
        Dictionary<string, YamlScalar> aliases,
        ImmutableArray<string> known,
        DiagnosticBag diagnostics
    )
    {
        var followed = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, first) in aliases)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal) { name };
            var end = first;
            while (seen.Add(end.Text) && aliases.TryGetValue(end.Text, out var next))
                end = next;
            if (aliases.ContainsKey(end.Text))
                diagnostics.Add(ProjectDiagnostics.AliasLoop(first.Span, name));
            else if (!known.Contains(end.Text))
                diagnostics.Add(ProjectDiagnostics.UnknownConnection(end.Span, end.Text, known));
            else
                followed[name] = end.Text;
        }
        return followed.ToImmutable();
    }

    // the variables of a target that is not used need not be set, so its values stay as they are
    private static void CheckOther(YamlMapping.Entry target, DiagnosticBag diagnostics)
    {
        var context = new YamlContext(diagnostics, _ => null);
        foreach (var (name, value) in (target.Value as YamlMapping)?.Entries ?? [])
        {
            if (value is not YamlScalar)
                ConnectionDeclaration.Shape.TryBind(value, name.Text, context, out _);
        }
    }
}
