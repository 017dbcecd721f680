using System.Collections.Immutable;
using System.Text;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Landing.Typing;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files.Landing;

/// <summary>
/// Looks in landed files for the row or the file that an engine's own reader has stumbled over: by Strata's reader, which knows the line and
/// says what is wrong as a build does.
/// </summary>
public static class LandedProblems
{
    /// <summary>The hint of rows that cannot be read.</summary>
    public const string Mend =
        "fix the file, or read it with a table or incremental model, which puts such rows into quarantine";

    /// <summary>An engine's error with the line and the reason as a build says them, where its own reader has stumbled.</summary>
    /// <param name="read">What it has read.</param>
    public static async Task<EngineError> ExplainAsync(
        EngineError error,
        IEnumerable<(FilesConfig Config, LandingZone Landing)> read,
        CancellationToken cancellationToken
    )
    {
        if (MisfitError.Find(error) is { } misfit)
            return error with
            {
                Kind = EngineErrorKind.File,
                Message = await PlaceAsync(misfit, read, cancellationToken),
                Hint = Mend,
            };
        if (error.Kind != EngineErrorKind.File || error.Hint == Mend)
            return error;
        var areText = false;
        foreach (var (config, landing) in read)
        {
            // another one may be none of this statement's business
            ImmutableArray<LandedFile> named =
            [
                .. landing.Files.Where(file =>
                    error.Message.Contains(file.FullPath, StringComparison.Ordinal)
                ),
            ];
            var looked = named.IsEmpty ? landing : landing with { Files = named };
            if (await FindFirstAsync(looked, config, cancellationToken) is { } problem)
                return error with { Message = problem, Hint = Mend };
            areText |= config.Format != FileFormat.Parquet && !landing.Files.IsEmpty;
        }
        return areText && error.Message.Contains("CSV", StringComparison.Ordinal)
            ? error with
            {
                Message = error.Message.Split('\n')[0],
                Hint =
                    "Strata's own reader takes all rows of the files: read them with a table, incremental or microbatch model",
            }
            : error;
    }

    /// <summary>The error of a row or a file that cannot be read.</summary>
    /// <param name="problem">The place and the reason, then the row.</param>
    internal static EngineError Error(string problem) => new(EngineErrorKind.File, problem) { Hint = Mend };

    /// <returns>The place and the reason, then the row as it stands in the file; null where every row can be read.</returns>
    public static async Task<string?> FindFirstAsync(
        LandingZone landing,
        FilesConfig config,
        CancellationToken cancellationToken
    )
    {
        if (config.Format == FileFormat.Parquet)
            return null;
        var declared = FieldsOf(config, landing);
        var follower = new Follower();
        // an engine's own reader passes over a file without anything in it
        await using var reader = Open(
            config,
            declared,
            landing.Files.RemoveAll(file => file.Size == 0),
            follower
        );
        while (await reader.ReadAsync(cancellationToken) is { } batch)
        {
            if (FindIn(batch) is { } problem)
                return problem;
            if (follower.Unreadable is not null)
                break;
            reader.Recycle(batch);
        }
        return follower.Unreadable;
    }

    /// <summary>A value that does not fit, with the first line of its file that has it.</summary>
    private static async Task<string> PlaceAsync(
        MisfitError misfit,
        IEnumerable<(FilesConfig Config, LandingZone Landing)> read,
        CancellationToken cancellationToken
    )
    {
        foreach (var (config, landing) in read)
        {
            var file = landing.Files.FirstOrDefault(file => file.Path == misfit.Path);
            var declared = FieldsOf(config, landing);
            var index = declared.IndexOf(misfit.Column, 0, declared.Length, StringComparer.OrdinalIgnoreCase);
            if (file is null || index < 0 || config.Format != FileFormat.Csv)
                continue;
            await using var reader = Open(config, declared, [file], new Follower());
            while (await reader.ReadAsync(cancellationToken) is { } batch)
            {
                var texts = (Utf8Vector)batch.Columns[LandedColumn.Count + index];
                for (var row = 0; row < batch.Count; row++)
                {
                    if (!texts.Nulls[row] && Begins(Encoding.UTF8.GetString(texts[row]), misfit.Value))
                        return $"{misfit.Path}:{((ColumnVector<long>)batch.Columns[2]).Values[row]}: {misfit.Reason}";
                }
                reader.Recycle(batch);
            }
        }
        return $"{misfit.Path}: {misfit.Reason}";

        static bool Begins(string text, string value) =>
            text == value || value.Length >= 100 && text.StartsWith(value, StringComparison.Ordinal);
    }

    /// <summary>The declared columns that are no folders.</summary>
    private static ImmutableArray<string> FieldsOf(FilesConfig config, LandingZone landing)
    {
        ImmutableArray<string> partitions = config.HivePartitions
            ? FilePartitions.NamesOf(landing.Files)
            : [];
        return
        [
            .. config
                .Columns.Select(column => column.Name)
                .Where(name => !partitions.Contains(name, StringComparer.OrdinalIgnoreCase)),
        ];
    }

    private static LandedReader Open(
        FilesConfig config,
        ImmutableArray<string> declared,
        ImmutableArray<LandedFile> files,
        Follower follower
    ) =>
        new(
            config,
            new LandedShape(declared, declared, []),
            files,
            [.. Enumerable.Repeat(true, LandedColumn.Count + declared.Length)],
            follower
        );

    /// <summary>The place and the reason of the first row of a batch that cannot be read, then the row as it stands in the file.</summary>
    internal static string? FindIn(ColumnBatch batch)
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

        public void Read(LandedFile file, string hash, long rows) { }

        public void CannotRead(LandedFile file, Exception reason) =>
            Unreadable ??= $"{file.Path}: {FileContent.Words(reason)}";

        public void Report(int rows, long bytes) { }
    }
}
