using System.Text.RegularExpressions;

namespace Strata.Architecture.Tests;

/// <summary>A diagnostic code where a factory file makes it.</summary>
internal sealed partial record DiagnosticCode(string Code, string File)
{
    public static IReadOnlyList<DiagnosticCode> All { get; } =
    [.. SourceFile.Below("src").Where(IsFactory).SelectMany(In).OrderBy(code => code.Code)];

    public static bool IsFactory(SourceFile file) =>
        file.Path.EndsWith("Diagnostics.cs", StringComparison.Ordinal);

    public static IEnumerable<DiagnosticCode> In(SourceFile file) =>
        Literal()
            .Matches(file.Text)
            .Select(match => new DiagnosticCode(match.Groups["code"].Value, file.Path));

    [GeneratedRegex("\"(?<code>ST[0-9]{4})\"")]
    private static partial Regex Literal();
}
