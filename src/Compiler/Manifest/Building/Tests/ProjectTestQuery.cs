using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Checks;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Rendering;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Tests;

/// <summary>
/// Renders a test that the project wrote as a function: calls the function with the relation, the column and the
/// arguments of the entry in YAML.
/// </summary>
internal sealed class ProjectTestQuery(BuildContext context)
{
    private const string ModelParameter = "model";
    private const string ColumnParameter = "column_name";

    public TestNode AddTo(TestNode node, RelationNode subject, TestDeclaration test)
    {
        if (!context.Project.Macros.TryGet(test.TestName.Text, out var macro))
            return node;
        var parameters = macro.Function.Parameters;
        if (!CheckArguments(node, test, parameters))
            return node;
        // the call stands nowhere in the project's files: what goes wrong in it is shown at the entry
        var call = new SourceText(node.Path, CallOf(macro.Name, node, parameters));
        var binding = new NodeBinding
        {
            NodeId = subject.UniqueId,
            Name = node.Name,
            Place = context.Places[subject.UniqueId],
            MoreValues = state => Arguments(state, node, subject, test),
        };
        var found = new DiagnosticBag();
        var sql = context.Renderer.Render(Template.Parse(call), binding, found);
        var placement = new CallPlacement(call, test.Span);
        context.Diagnostics.AddRange(found.ToSorted().Select(placement.Move));
        sql = sql with { Map = placement.Move(sql.Map) };
        SqlChecks.CheckQuery(sql, $"test '{node.Name}'", test.Span, context.Diagnostics);
        ReferenceChecks.Check(sql, context);
        var query = context.Linker.Link(sql, node.Connection, context.Places[subject.UniqueId].Dialect);
        var parents = sql.Slots.Select(slot => slot.NodeId).OfType<string>();
        return node with
        {
            Query = query,
            DependsOn = [.. node.DependsOn.Concat(parents).Distinct().Order(StringComparer.Ordinal)],
            Fingerprint = GenericTestBuilder.FingerprintOf(node, query),
        };
    }

    private bool CheckArguments(
        TestNode node,
        TestDeclaration test,
        ImmutableArray<TemplateParameter> parameters
    )
    {
        var names = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var isGood = true;
        foreach (var (key, _) in test.Arguments)
        {
            if (names.Contains(key.Text) && key.Text != ModelParameter)
                continue;
            isGood = false;
            context.Diagnostics.Add(
                ReferenceDiagnostics.UnknownTestArgument(
                    key.Span,
                    test.TestName.Text,
                    key.Text,
                    names.Except([ModelParameter])
                )
            );
        }
        foreach (var parameter in parameters.Where(parameter => parameter.IsRequired))
        {
            var isGiven =
                parameter.Name == ModelParameter
                || node.Arguments.ContainsKey(parameter.Name)
                || (parameter.Name == ColumnParameter && node.Column is not null);
            if (isGiven)
                continue;
            isGood = false;
            context.Diagnostics.Add(
                ReferenceDiagnostics.MissingTestArgument(
                    test.Span,
                    test.TestName.Text,
                    parameter.Name,
                    isConfig: test.Config.Find(parameter.Name) is not null
                )
            );
        }
        return isGood;
    }

    private static string CallOf(string name, TestNode node, ImmutableArray<TemplateParameter> parameters)
    {
        var given = parameters
            .Select(parameter => parameter.Name)
            .Where(parameter =>
                parameter == ModelParameter
                || node.Arguments.ContainsKey(parameter)
                || (parameter == ColumnParameter && node.Column is not null)
            )
            .Select(parameter => $" {parameter}: {VariableOf(parameter)}");
        return $"{{{{ {name}{string.Concat(given)} }}}}";
    }

    private static IEnumerable<KeyValuePair<string, object?>> Arguments(
        RenderState state,
        TestNode node,
        RelationNode subject,
        TestDeclaration test
    )
    {
        var kind = subject is SourceNode ? ReferenceKind.Source : ReferenceKind.Ref;
        yield return new(
            VariableOf(ModelParameter),
            state.AddRelation(kind, subject.UniqueId, new SourceOrigin(test.Span))
        );
        if (node.Column is { } column)
            yield return new(VariableOf(ColumnParameter), column);
        foreach (var (name, argument) in node.Arguments)
        {
            var value = argument.NodeId is { } id
                ? state.AddRelation(
                    id.StartsWith("source.", StringComparison.Ordinal)
                        ? ReferenceKind.Source
                        : ReferenceKind.Ref,
                    id,
                    new SourceOrigin(argument.Span)
                )
                : argument.Value;
            yield return new(VariableOf(name), value);
        }
    }

    private static string VariableOf(string parameter) => $"__test_{parameter}";

    /// <summary>Moves places in the call that was made up to the entry in YAML.</summary>
    private sealed class CallPlacement(SourceText call, SourceSpan entry)
    {
        public Diagnostic Move(Diagnostic diagnostic) =>
            diagnostic with
            {
                Span = diagnostic.Span is { } span ? Move(span) : entry,
                Notes = [.. diagnostic.Notes.Select(note => note with { Span = Move(note.Span) })],
            };

        public SourceMap Move(SourceMap map)
        {
            var builder = new SourceMap.Builder();
            foreach (var segment in map.Segments)
            {
                builder.Add(
                    segment.OutputStart,
                    segment.OutputLength,
                    Move(segment.Origin),
                    segment.IsVerbatim && segment.Origin.Span.File != call
                );
            }
            return builder.Build();
        }

        private SourceOrigin Move(SourceOrigin origin) =>
            new(Move(origin.Span), origin.CalledFrom is { } caller ? Move(caller) : null);

        private SourceSpan Move(SourceSpan span) => span.File == call ? entry : span;
    }
}
