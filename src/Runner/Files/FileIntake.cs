using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files;

/// <summary>Looks at every file that a view is about to read: that it can be read to its end.</summary>
internal static class FileIntake
{
    public static async Task CheckAsync(
        LandingZone landing,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        var buffer = new byte[1 << 16];
        foreach (var file in landing.Files)
        {
            try
            {
                // engines read a torn compressed file as a short one
                await using var content = FileContent.Open(file);
                while (await content.Content.ReadAsync(buffer, cancellationToken) > 0) { }
            }
            catch (Exception e) when (FileContent.IsUnreadable(e))
            {
                problems.Add(
                    InputDiagnostics.UnreadableFile(
                        landing.Source.Declaration,
                        file.Path,
                        FileContent.Words(e)
                    )
                );
            }
        }
    }
}
