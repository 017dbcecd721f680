using System.Collections.Immutable;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files.Landing.Columns;

/// <summary>What is to be known of a landed file before it is read in place.</summary>
/// <param name="Hash">Of its content; null where it cannot be read.</param>
/// <param name="Problem">Why its rows cannot be had; null where they can.</param>
/// <param name="Missing">Declared columns that its header does not name.</param>
/// <param name="Undeclared">Names in its header that are of no column.</param>
internal sealed record FileHeader(
    string? Hash,
    string? Problem,
    ImmutableArray<string> Missing,
    ImmutableArray<string> Undeclared
)
{
    /// <summary>Reads a file to its end, as a torn one is found out only there.</summary>
    public static async Task<FileHeader> ReadAsync(
        FilesConfig config,
        ImmutableArray<string> declared,
        LandedFile file,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<string>? names = null;
        string? problem = null;
        string? hash = null;
        try
        {
            await using var content = FileContent.Open(file);
            using var text = content.ReadText(config.Encoding);
            if (config is { Format: FileFormat.Csv, Csv.Header: true })
            {
                names = await CsvHeader.ReadAsync(new CsvRecords(text, config.Csv), cancellationToken);
                if (names is null)
                    problem = "it is empty and does not even have a header";
            }
            var buffer = new byte[1 << 16];
            while (await content.Content.ReadAsync(buffer, cancellationToken) > 0) { }
            hash = await content.FinishAsync(cancellationToken);
        }
        catch (Exception e) when (FileContent.IsUnreadable(e))
        {
            problem = FileContent.Words(e);
        }
        if (names is not { } header || declared.IsEmpty)
            return new FileHeader(hash, problem, [], []);
        var layout = CsvLayout.Create(config, header, declared, declared);
        if (layout.Missing.Length == declared.Length)
            problem ??= NamesNone(header);
        return new FileHeader(hash, problem, layout.Missing, [.. layout.Undeclared]);
    }

    /// <summary>Whether a file that can be read has a row: a csv file may have nothing but a header.</summary>
    public static async Task<bool> HasRowsAsync(
        FilesConfig config,
        LandedFile file,
        CancellationToken cancellationToken
    )
    {
        if (config.Format != FileFormat.Csv)
            return file.Size > 0;
        await using var content = FileContent.Open(file);
        using var text = content.ReadText(config.Encoding);
        var records = new CsvRecords(text, config.Csv);
        return (!config.Csv.Header || await records.ReadAsync(cancellationToken))
            && await records.ReadAsync(cancellationToken);
    }

    /// <summary>The columns that a source declares and its files are to have.</summary>
    public static ImmutableArray<string> DeclaredOf(FilesConfig config, LandingZone landed)
    {
        ImmutableArray<string> folders = config.HivePartitions ? FilePartitions.NamesOf(landed.Files) : [];
        return
        [
            .. config
                .Columns.Select(column => column.Name)
                .Where(name => !folders.Contains(name, StringComparer.OrdinalIgnoreCase)),
        ];
    }

    public static string NamesNone(IEnumerable<string> header) =>
        $"its header names none of the declared columns: {string.Join(", ", header)}";
}
