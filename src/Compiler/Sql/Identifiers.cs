using System.Security.Cryptography;
using System.Text;

namespace Strata.Compiler.Sql;

/// <summary>Keeps made-up names within an engine's limit, so that none is cut silently.</summary>
public static class Identifiers
{
    private const int HashLength = 8;

    /// <summary>The name itself, or its beginning and a hash of the whole when it is too long.</summary>
    public static string Fit(string name, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(name) <= maxBytes)
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
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
}
