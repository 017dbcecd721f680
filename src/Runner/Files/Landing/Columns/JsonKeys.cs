using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files.Landing.Typing;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files.Landing.Columns;

/// <summary>Finds keys in JSON files that are not declared, at the top and within columns of nested types, in the first values of each file.</summary>
internal static class JsonKeys
{
    /// <summary>A delivery that has changed shows it early; looking at everything twice would cost as much as the rows.</summary>
    private const int ValuesPerFile = 100;

    /// <param name="looksWithin">Tells of a declared column whether its nested keys are looked for.</param>
    public static async Task<ImmutableArray<FileDrift>> FindAsync(
        FilesConfig config,
        IEnumerable<LandedFile> files,
        Func<string, bool> looksWithin,
        CancellationToken cancellationToken
    )
    {
        var notes = new DriftNotes();
        var declared = config
            .Columns.GroupBy(column => column.Name, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group =>
                    group.First().DataType is { } type && looksWithin(group.Key)
                        ? NestedType.Parse(type)
                        : null,
                StringComparer.Ordinal
            );
        foreach (var file in files)
        {
            var keys = new SortedSet<string>(StringComparer.Ordinal);
            var within = new SortedSet<string>(StringComparer.Ordinal);
            try
            {
                await using var content = FileContent.Open(file);
                using var text = content.ReadText(config.Encoding);
                RecordReader records =
                    config.Format == FileFormat.Json
                        ? new JsonRecords(text)
                        : new LineRecords(text, skipBlank: true);
                for (var i = 0; i < ValuesPerFile && await records.ReadAsync(cancellationToken); i++)
                    Add(declared, keys, within, records.Raw);
            }
            catch (Exception e) when (FileContent.IsUnreadable(e))
            {
                // reported where the file is read whole
            }
            notes.Add(DriftKind.Undeclared, keys, file.Path);
            notes.Add(DriftKind.UndeclaredWithin, within, file.Path);
        }
        return notes.ToResult();
    }

    private static void Add(
        Dictionary<string, NestedType?> declared,
        SortedSet<string> keys,
        SortedSet<string> within,
        string json
    )
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString() ?? "";
                reader.Read();
                if (!declared.TryGetValue(key, out var type))
                    keys.Add(key);
                AddWithin(ref reader, type, key, within);
            }
        }
        catch (JsonException)
        {
            // a row with _malformed set, or one in the quarantine
        }
    }

    /// <summary>Leaves the reader at the end of the value that it is at.</summary>
    private static void AddWithin(
        ref Utf8JsonReader reader,
        NestedType? type,
        string path,
        SortedSet<string> keys
    )
    {
        if (type is NestedType.List { Element: var element } && reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                AddWithin(ref reader, element, $"{path}[]", keys);
            return;
        }
        if (
            type is not (NestedType.Struct or NestedType.Map)
            || reader.TokenType != JsonTokenType.StartObject
        )
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString() ?? "";
            reader.Read();
            if (type is NestedType.Map map)
            {
                AddWithin(ref reader, map.Value, $"{path}[]", keys);
                continue;
            }
            var field = ((NestedType.Struct)type).Fields.FirstOrDefault(field => field.Name == key).Type;
            if (field is null)
                keys.Add($"{path}.{key}");
            AddWithin(ref reader, field, $"{path}.{key}", keys);
        }
    }
}
