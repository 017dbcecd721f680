using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration;

/// <summary>The words below <c>files:</c>.</summary>
internal static class FileWords
{
    public static readonly YamlType<FileFormat> Format = YamlScalars.OneOf(
        ("json_lines", FileFormat.JsonLines),
        ("jsonl", FileFormat.JsonLines),
        ("json", FileFormat.Json),
        ("csv", FileFormat.Csv),
        ("text", FileFormat.Text),
        ("parquet", FileFormat.Parquet)
    );

    public static readonly YamlType<FileEncoding> Encoding = YamlScalars.OneOf(
        ("utf-8", FileEncoding.Utf8),
        ("utf-16", FileEncoding.Utf16),
        ("latin-1", FileEncoding.Latin1),
        ("windows-1252", FileEncoding.Windows1252)
    );

    public static readonly YamlType<OnRowError> OnError = YamlScalars.OneOf(
        ("quarantine", OnRowError.Quarantine),
        ("fail", OnRowError.Fail),
        ("keep", OnRowError.Keep)
    );

    public static readonly YamlType<OnUnreadableFile> OnUnreadable = YamlScalars.OneOf(
        ("quarantine", OnUnreadableFile.Quarantine),
        ("fail", OnUnreadableFile.Fail)
    );

    public static readonly YamlType<OnChangedFile> OnChange = YamlScalars.OneOf(
        ("fail", OnChangedFile.Fail),
        ("replace", OnChangedFile.Replace)
    );

    public static readonly YamlType<OnVanishedFile> OnVanish = YamlScalars.OneOf(
        ("ignore", OnVanishedFile.Ignore),
        ("warn", OnVanishedFile.Warn),
        ("delete", OnVanishedFile.Delete)
    );

    public static readonly YamlType<NewFileColumns> NewColumns = YamlScalars.OneOf(
        ("ignore", NewFileColumns.Ignore),
        ("add", NewFileColumns.Add),
        ("fail", NewFileColumns.Fail),
        ("rescue", NewFileColumns.Rescue)
    );

    public static readonly YamlType<char> DecimalSeparator = YamlScalars.OneOf((".", '.'), (",", ','));
}
