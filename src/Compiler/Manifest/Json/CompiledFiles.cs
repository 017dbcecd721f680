using Strata.Compiler.Rendering.Linking;

namespace Strata.Compiler.Manifest.Json;

/// <summary>The compiled SQL of a project as files, where dbt puts them: <c>compiled/project/models/x.sql</c>.</summary>
public static class CompiledFiles
{
    /// <summary>Every file of the folder of artifacts: its path relative to that, and its text.</summary>
    /// <param name="show">The text of a node's query; null for the text as it was compiled.</param>
    public static IEnumerable<(string Path, string Text)> Of(
        ProjectManifest manifest,
        Func<Node, CompiledSql, string>? show = null
    )
    {
        show ??= (_, compiled) => compiled.Text;
        foreach (var node in manifest.Nodes.Values)
        {
            var sql = node switch
            {
                ModelNode model => model.Full,
                TestNode test => test.Query,
                _ => null,
            };
            if (sql is null)
                continue;
            yield return (PathOf(manifest, node), show(node, sql));
            if (node is ModelNode { Incremental: { } incremental })
                yield return (PathOf(manifest, node, ".incremental"), show(node, incremental));
        }
    }

    /// <summary>Writes the files that are not there yet, or differ.</summary>
    /// <param name="folder">The folder of artifacts: <c>target</c>.</param>
    public static void Write(ProjectManifest manifest, string folder)
    {
        foreach (var (path, text) in Of(manifest))
        {
            var file = Path.Combine(folder, path);
            if (File.Exists(file) && File.ReadAllText(file) == text)
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(file) ?? folder);
            File.WriteAllText(file, text);
        }
    }

    internal static string PathOf(ProjectManifest manifest, Node node, string suffix = "")
    {
        // the tests of a YAML file are files in a folder of its name
        var path = node.Path.EndsWith(".sql", StringComparison.OrdinalIgnoreCase)
            ? node.Path[..^4]
            : $"{node.Path}/{node.Name}";
        return $"compiled/{manifest.ProjectName}/{path}{suffix}.sql";
    }
}
