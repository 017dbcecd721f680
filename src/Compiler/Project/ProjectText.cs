using System.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project;

/// <summary>Reads files as strict UTF-8.</summary>
internal static class ProjectText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text without a byte order mark; null, after reporting, when it cannot be read.</summary>
    public static SourceText? Read(string folder, string path, DiagnosticBag diagnostics)
    {
        try
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, path));
            var start = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            return new SourceText(path, Strict.GetString(bytes, start, bytes.Length - start));
        }
        catch (DecoderFallbackException exception)
        {
            diagnostics.Add(ProjectDiagnostics.NotUtf8(new SourceText(path, ""), exception.Index));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(ProjectDiagnostics.Unreadable(new SourceText(path, ""), exception.Message));
        }
        return null;
    }
}
