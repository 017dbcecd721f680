using System.Collections.Immutable;
using Strata.Compiler.Manifest;

namespace Strata.Cli.Session;

/// <summary>Compiled SQL as a file of the artifact folder, at the path of what it was compiled from.</summary>
/// <param name="Path">Below <see cref="ArtifactFolder.Compiled"/>, with '/' separators.</param>
public sealed record CompiledFile(string Path, string Text)
{
    /// <summary>
    /// The files of the selected nodes, sorted. An incremental model has two: the batch's SQL has
    /// <c>.incremental</c> in its name.
    /// </summary>
    public static ImmutableArray<CompiledFile> Of(
        ProjectManifest manifest,
        ImmutableHashSet<string> selected
    ) =>
        [
            .. manifest
                .Nodes.Values.Where(node => selected.Contains(node.UniqueId))
                .SelectMany(Of)
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];

    private static IEnumerable<CompiledFile> Of(Node node)
    {
        switch (node)
        {
            case ModelNode model:
                yield return new CompiledFile(model.Path, model.Full.Text);
                if (model.Incremental is { } batch)
                    yield return new CompiledFile(
                        System.IO.Path.ChangeExtension(model.Path, ".incremental.sql"),
                        batch.Text
                    );
                break;
            // a generic test has no file of its own: it stands beside the YAML that asks for it
            case TestNode { Query: { } query, TestName: not null } test:
                yield return new CompiledFile($"{test.Path}/{test.Name}.sql", query.Text);
                break;
            case TestNode { Query: { } query } test:
                yield return new CompiledFile(test.Path, query.Text);
                break;
        }
    }
}
