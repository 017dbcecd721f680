using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Checks;
using Strata.Compiler.Rendering;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building;

/// <summary>Compiles a query of the command line against the project.</summary>
internal sealed class InlineQueryBuilder(BuildContext context)
{
    private const string Name = "--inline";

    /// <param name="connection">Where it is to run; null leaves that to what it reads.</param>
    public InlineQuery? Build(string text, string? connection)
    {
        var diagnostics = new DiagnosticBag();
        var source = new SourceText(Name, text);
        var template = Template.Parse(source);
        SqlChecks.CheckCharacters(source, diagnostics);
        var layer = context.Layers.Default;
        var start = Connect(connection, diagnostics);
        var binding = new NodeBinding
        {
            Name = Name,
            Place = new NodePlace(start.Connection, start.Dialect, new RelationName(layer.Schema, Name)),
        };
        // where it runs depends on what it reads, and a template may ask for its engine: find out, then render
        if (connection is null)
            binding = binding with { Place = PlaceOf(template, binding) };
        var sql = context.Renderer.Render(template, binding, diagnostics);
        SqlChecks.CheckQuery(sql, "the query", source.Span(0, 0), diagnostics);
        context.Diagnostics.AddRange(diagnostics.ToSorted());
        ReferenceChecks.Check(sql, context);
        return diagnostics.HasErrors
            ? null
            : new InlineQuery(
                context.Linker.Link(sql, binding.Place.Connection, binding.Place.Dialect),
                binding.Place.Connection
            );
    }

    private (string Connection, SqlDialect Dialect) Connect(string? connection, DiagnosticBag diagnostics) =>
        context.Layers.Connect(
            connection,
            context.Layers.Default,
            new SourceText("--connection", connection ?? "").Span(0, connection?.Length ?? 0),
            diagnostics
        );

    private NodePlace PlaceOf(Template template, NodeBinding binding)
    {
        var draft = context.Renderer.Render(template, binding, new DiagnosticBag());
        var read = draft
            .Slots.Select(slot => slot.NodeId)
            .OfType<string>()
            .Select(id => context.Places.GetValueOrDefault(id))
            .OfType<NodePlace>()
            .FirstOrDefault();
        return read is null
            ? binding.Place
            : binding.Place with
            {
                Connection = read.Connection,
                Dialect = read.Dialect,
            };
    }
}
