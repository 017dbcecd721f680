using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;

namespace Strata.Adapters.DuckDb;

/// <summary>A DuckDB connection of profiles.yml.</summary>
/// <param name="Path">The full path of the database file, or <c>:memory:</c>.</param>
/// <param name="Settings">DuckDB's own settings, given at opening.</param>
internal sealed record Options(
    string Path,
    bool ReadOnly,
    int MaxConcurrency,
    ImmutableSortedDictionary<string, string> Settings
)
{
    public const string InMemory = ":memory:";

    private const string WalLimit = "wal_autocheckpoint";

    /// <summary>
    /// How long the log of committed changes grows before they are written into the file, where nothing else is asked for. DuckDB's own 16 MB
    /// are less than an increment of a few hundred thousand rows: then each model's commit writes the last rows of every table that was changed anew,
    /// where the end of the run does it once (docs/reference/engines.md).
    /// </summary>
    private const string DefaultWalLimit = "128MB";

    private static readonly string[] PassedOn =
    [
        "memory_limit",
        "temp_directory",
        "max_temp_directory_size",
        "preserve_insertion_order",
        WalLimit,
    ];

    /// <summary>In KB.</summary>
    private static readonly Dictionary<string, int> BlockSizes = new()
    {
        ["16kb"] = 16,
        ["32kb"] = 32,
        ["64kb"] = 64,
        ["128kb"] = 128,
        ["256kb"] = 256,
    };

    public bool IsInMemory => Path == InMemory;

    /// <param name="projectFolder">Relative paths start here.</param>
    public static Options? Read(ConnectionConfig config, string projectFolder, DiagnosticBag diagnostics)
    {
        var reader = new ConnectionOptionReader(config, "duckdb", diagnostics);
        var path = reader.Required(
            "path",
            "the database file, relative to the project folder, or ':memory:'"
        );
        var readOnly = reader.Flag("read_only", false);
        var concurrency = reader.Integer("max_concurrency", Math.Max(Environment.ProcessorCount, 2), 1, 256);
        var settings = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        // a missing extension is then a clear error instead of a download
        settings["autoinstall_known_extensions"] = "false";
        settings["autoload_known_extensions"] = "false";
        settings[WalLimit] = DefaultWalLimit;
        if (reader.Integer("threads", 0, 1, 1024) is > 0 and var threads)
            settings["threads"] = threads.ToString();
        if (reader.OneOf("block_size", BlockSizes, 0) is > 0 and var kilobytes)
            settings["default_block_size"] = (kilobytes * 1024).ToString();
        foreach (var name in PassedOn)
        {
            if (reader.Text(name) is { } value)
                settings[name] = name == "temp_directory" ? FullPath(value, projectFolder) : value;
        }
        return reader.Finish()
            ? new Options(
                path == InMemory ? path : FullPath(path, projectFolder),
                readOnly,
                concurrency,
                settings.ToImmutable()
            )
            : null;
    }

    private static string FullPath(string path, string folder) =>
        System.IO.Path.GetFullPath(path, System.IO.Path.GetFullPath(folder));
}
