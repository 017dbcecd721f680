using System.Collections.Immutable;

namespace Strata.Cli.Output;

/// <summary>The pages of docs/diagnostics, as they were when the program was built.</summary>
internal static class DiagnosticPages
{
    private const string Prefix = "diagnostics/";

    public static ImmutableArray<string> Codes =>
        [
            .. typeof(DiagnosticPages)
                .Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(name => name[Prefix.Length..])
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The page of a code; null if there is no such code.</summary>
    public static string? Find(string code)
    {
        using var stream = typeof(DiagnosticPages).Assembly.GetManifestResourceStream(Prefix + code);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
