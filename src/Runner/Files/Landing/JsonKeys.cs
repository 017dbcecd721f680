using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Strata.Compiler.Manifest;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files.Landing;

/// <summary>Finds keys in JSON files that are not declared: those at the top of the first values of each file.</summary>
internal static class JsonKeys
{
    /// <summary>A delivery that has changed shows it early; looking at everything twice would cost as much as the rows.</summary>
    private const int ValuesPerFile = 100;

    public static async Task<ImmutableArray<FileDrift>> FindAsync(
        FilesConfig config,
        IEnumerable<LandedFile> files,
        CancellationToken cancellationToken
    )
    {
        var notes = new DriftNotes();
        var declared = config.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var keys = new SortedSet<string>(StringComparer.Ordinal);
            try
            {
                await using var content = FileContent.Open(file);
                using var text = content.ReadText(config.Encoding);
                RecordReader records =
                    config.Format == FileFormat.Json
                        ? new JsonRecords(text)
                        : new LineRecords(text, skipBlank: true);
                for (var i = 0; i < ValuesPerFile && await records.ReadAsync(cancellationToken); i++)
                    Add(keys, records.Raw);
            }
            catch (Exception e) when (FileContent.IsUnreadable(e))
            {
                // reported where the file is read whole
            }
            notes.Add(DriftKind.Undeclared, keys.Except(declared), file.Path);
        }
        return notes.ToResult();
    }

    private static void Add(SortedSet<string> keys, string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                keys.Add(reader.GetString() ?? "");
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // a row with _malformed set, or one in the quarantine
        }
    }
}
