using System.Collections.Immutable;
using Strata.Compiler.Manifest.Building.Checks;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building;

/// <summary>Renders the hooks of a run.</summary>
internal sealed class RunHookBuilder(BuildContext context)
{
    public ImmutableArray<RunHook> Build(ImmutableArray<YamlScalar> hooks)
    {
        var built = ImmutableArray.CreateBuilder<RunHook>();
        var layer = context.Layers.Default;
        var (connection, dialect) = context.Layers.Connect(null, layer, default, context.Diagnostics);
        var binding = new NodeBinding
        {
            Place = new NodePlace(connection, dialect, new RelationName(layer.Schema, "")),
        };
        foreach (var hook in hooks)
        {
            var sql = context.Renderer.Render(hook, binding, context.Diagnostics);
            ReferenceChecks.Check(sql, context);
            ReferenceChecks.CheckRelations(sql, context);
            var text = context.Linker.LinkText(sql, connection, dialect);
            if (!string.IsNullOrWhiteSpace(text))
                built.Add(new RunHook(text, connection, hook.Span));
        }
        return built.ToImmutable();
    }
}
