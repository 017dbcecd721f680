using System.Collections.Immutable;
using System.Text;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files.Landing;

/// <summary>
/// Looks in landed files for the row or the file that an engine's own reader has stumbled over: by Strata's reader, which knows the line and
/// says what is wrong as a build does.
/// </summary>
public static class LandedProblems
{
    /// <summary>An engine's error with the line and the reason as a build says them, where its own reader has stumbled.</summary>
    /// <param name="read">What it has read.</param>
    public static async Task<EngineError> ExplainAsync(
        EngineError error,
        IEnumerable<(FilesConfig Config, LandingZone Landing)> read,
        CancellationToken cancellationToken
    )
    {
        if (error.Kind != EngineErrorKind.File)
            return error;
        foreach (var (config, landing) in read)
        {
            if (await FindFirstAsync(landing, config, cancellationToken) is { } problem)
                return error with
                {
                    Message = problem,
                    Hint =
                        "fix the file, or read it with a table or incremental model, which puts such rows into quarantine",
                };
        }
        return error;
    }

    /// <returns>The place and the reason, then the row as it stands in the file; null where every row can be read.</returns>
    public static async Task<string?> FindFirstAsync(
        LandingZone landing,
        FilesConfig config,
        CancellationToken cancellationToken
    )
    {
        if (config.Format == FileFormat.Parquet)
            return null;
        ImmutableArray<string> partitions = config.HivePartitions
            ? FilePartitions.NamesOf(landing.Files)
            : [];
        ImmutableArray<string> declared =
        [
            .. config
                .Columns.Select(column => column.Name)
                .Where(name => !partitions.Contains(name, StringComparer.OrdinalIgnoreCase)),
        ];
        var follower = new Follower();
        await using var reader = new LandedReader(
            config,
            new LandedShape(declared, declared, []),
            // an engine's own reader passes over a file without anything in it
            landing.Files.RemoveAll(file => file.Size == 0),
            [.. Enumerable.Repeat(true, LandedColumn.Count + declared.Length)],
            follower
        );
        while (await reader.ReadAsync(cancellationToken) is { } batch)
        {
            if (Find(batch) is { } problem)
                return problem;
            if (follower.Unreadable is not null)
                break;
            reader.Recycle(batch);
        }
        return follower.Unreadable;
    }

    private static string? Find(ColumnBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            if (Text(3) is { } problem)
                return $"{Text(0)}:{((ColumnVector<long>)batch.Columns[2]).Values[row]}: {problem}\n{Text(4)}";

            string? Text(int column) =>
                batch.Columns[column] is Utf8Vector texts && !texts.Nulls[row]
                    ? Encoding.UTF8.GetString(texts[row])
                    : null;
        }
        return null;
    }

    private sealed class Follower : ILandedFollower
    {
        public string? Unreadable { get; private set; }

        public void Begin(LandedFile file, CsvLayout layout) { }

        public void Read(LandedFile file, string hash) { }

        public void CannotRead(LandedFile file, Exception reason) =>
            Unreadable ??= $"{file.Path}: {FileContent.Words(reason)}";

        public void Report(int rows, long bytes) { }
    }
}
