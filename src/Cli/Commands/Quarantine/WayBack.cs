using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.State.Rejected;

namespace Strata.Cli.Commands.Quarantine;

/// <summary>How what landed files lost comes back: a file whose good rows were taken in has changed when it is fixed.</summary>
internal static class WayBack
{
    public static string Of(ProjectManifest manifest, IEnumerable<RejectedSummary> lost)
    {
        var (wholes, parts) = (false, false);
        foreach (var of in lost)
        {
            wholes |= of.Files > 0;
            parts |= of.HasParts && !IsReplaced(manifest, of.Source);
        }
        return (wholes, parts) switch
        {
            (_, false) => "it comes back when the files are fixed",
            (false, true) =>
                "once the files are fixed, it comes back with on_change: replace, or with --full-refresh",
            (true, true) =>
                "whole files come back when they are fixed, rows of others with on_change: replace, or with --full-refresh",
        };
    }

    private static bool IsReplaced(ProjectManifest manifest, string source) =>
        manifest.Find<SourceNode>(source) is { Files.OnChange: OnChangedFile.Replace };
}
