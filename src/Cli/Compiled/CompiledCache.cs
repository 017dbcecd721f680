using Strata.Cli.CommandLine;
using Strata.Cli.Listing;
using Strata.Cli.Session;
using Strata.Compiler.Manifest;

namespace Strata.Cli.Compiled;

/// <summary>
/// Remembers beside the artifacts what was compiled into them. It is believed while the project is what it was, byte for byte, and what
/// was written is there as it was written. Made for one command.
/// </summary>
public sealed class CompiledCache(CommandContext context, ProjectFlags flags)
{
    private readonly string _artifacts = ProjectSession.ArtifactFolderOf(context, flags);
    private readonly ListingInputs _inputs = ListingInputs.Of(context, flags);
    private readonly KeptFile _file = new(
        Path.Combine(ProjectSession.ArtifactFolderOf(context, flags), ArtifactFolder.Cache),
        ArtifactFolder.CompiledRecord,
        context.Host.Time.GetUtcNow(),
        today: null
    );

    /// <returns>Null when something has changed, or must be looked at again.</returns>
    public CompiledRecord? Find()
    {
        var record = _file.Find(_inputs, CompiledRecord.Read);
        return record?.HoldsIn(_artifacts) == true ? record : null;
    }

    /// <summary>Keeps what was written, once all of it is; not of a project that may compile to something else the next time.</summary>
    /// <param name="remark">What is said at the end: with a secret in it, it must be masked every time.</param>
    public void Keep(ProjectSession project, CompiledRecord record, string remark)
    {
        if (
            project is not { Sources: { } sources, IsRepeatable: true }
            || project.Manifest.Nodes.Values.OfType<ModelNode>().Any(model => model.IsRenderedAtRun)
            || context.Redactor.Redact(remark) != remark
        )
            return;
        _file.Keep(_inputs, sources, project.VariablesRead, context.Redactor.Redact, record.Write);
    }
}
