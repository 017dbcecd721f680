using System.Security.Cryptography;
using System.Text;

namespace Strata.Compiler.Sql;

/// <summary>Keeps made-up names within an engine's limit, so that none is cut silently.</summary>
public static class Identifiers
{
    private const int HashLength = 8;

    /// <summary>
    /// A relation as part of a made-up name: <c>schema__name</c>, and never the same for two relations. Where the schema itself
    /// holds what parts them, a hash of it follows.
    /// </summary>
    public static string Joined(RelationName relation) => $"{Unmistakable(relation.Schema)}__{relation.Name}";

    /// <summary>A schema that two underscores may follow, so that the first two of the whole name end it.</summary>
    public static string Unmistakable(string schema) =>
        schema.Contains("__", StringComparison.Ordinal) || schema.EndsWith('_')
            ? $"{schema}_{HashOf(schema)}"
            : schema;

    /// <summary>The name itself, or its beginning and a hash of the whole when it is too long.</summary>
    public static string Fit(string name, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(name) <= maxBytes)
            return name;
        var hash = HashOf(name);
        var room = maxBytes - HashLength - 1;
        var kept = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
                break;
            kept.Append(rune);
        }
        return $"{kept}_{hash}";
    }

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
}
