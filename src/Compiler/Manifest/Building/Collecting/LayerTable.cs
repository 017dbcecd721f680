using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Entries;
using Strata.Compiler.Project.Profiles;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Collecting;

/// <summary>The layers of the project on the chosen target, and the connections by the names that they use.</summary>
internal sealed class LayerTable
{
    private readonly TargetProfile _target;
    private readonly ImmutableArray<(
        string Folder,
        LayerDeclaration Declaration,
        LayerConfig Config
    )> _layers;

    public LayerTable(ProjectFile project, TargetProfile target, DiagnosticBag diagnostics)
    {
        _target = target;
        _layers =
        [
            .. project.Layers.Select(layer =>
                (
                    (layer.Folder ?? $"{project.Paths.Models[0]}/{layer.Name}").Trim('/') + "/",
                    layer,
                    ToConfig(layer, diagnostics)
                )
            ),
        ];
    }

    public ImmutableSortedDictionary<string, LayerConfig> Configs =>
        _layers.ToImmutableSortedDictionary(
            layer => layer.Config.Name,
            layer => layer.Config,
            StringComparer.Ordinal
        );

    /// <summary>Where what belongs to no layer lives: in the first one.</summary>
    public LayerConfig Default => _layers[0].Config;

    /// <summary>The layer whose folder holds a file; the innermost, if folders nest.</summary>
    public LayerConfig? Find(string path, out ConfigSet defaults)
    {
        defaults = ConfigSet.Empty;
        LayerConfig? found = null;
        var length = -1;
        foreach (var (folder, declaration, config) in _layers)
        {
            if (folder.Length <= length || !path.StartsWith(folder, StringComparison.Ordinal))
                continue;
            length = folder.Length;
            found = config;
            defaults = declaration.Config;
        }
        return found;
    }

    public LayerConfig? FindByName(string name) =>
        _layers.FirstOrDefault(layer => layer.Config.Name == name).Config;

    /// <summary>The place of a layer in the order of strata.yml.</summary>
    public int OrderOf(string connection)
    {
        for (var i = _layers.Length - 1; i >= 0; i--)
        {
            if (_layers[i].Config.Connection == connection)
                return i;
        }
        return -1;
    }

    /// <summary>The connection of a name, aliases followed; the default one, after reporting, when there is none.</summary>
    public (string Connection, SqlDialect Dialect) Connect(
        string? engine,
        LayerConfig layer,
        SourceSpan span,
        DiagnosticBag diagnostics
    )
    {
        if (engine is null)
            return (layer.Connection, SqlDialects.Find(layer.Engine) ?? DuckDbDialect.Instance);
        var (connection, type) = Resolve(engine, span, diagnostics);
        return (connection, SqlDialects.Find(type) ?? DuckDbDialect.Instance);
    }

    private LayerConfig ToConfig(LayerDeclaration layer, DiagnosticBag diagnostics)
    {
        var (connection, engine) = Resolve(
            layer.Engine?.Text ?? "",
            layer.Engine?.Span ?? layer.Span,
            diagnostics
        );
        var publish = layer.Config.FindText("publish") == "run" ? PublishMode.Run : PublishMode.Model;
        return new LayerConfig(layer.Name, connection, engine, layer.Schema ?? layer.Name, publish)
        {
            Retention = layer.Retention,
        };
    }

    private (string Connection, EngineType Engine) Resolve(
        string name,
        SourceSpan span,
        DiagnosticBag diagnostics
    )
    {
        if (_target.Find(name) is { } found)
        {
            if (SqlDialects.Find(found.Engine) is null)
                diagnostics.Add(ProjectDiagnostics.EngineNotYet(span, name, found.Engine));
            return (found.Name, found.Engine);
        }
        if (name.Length > 0)
            diagnostics.Add(ProjectDiagnostics.UnknownConnection(span, name, [.. _target.Names]));
        return (name, EngineType.DuckDb);
    }
}
