using System.Security.Cryptography;
using System.Text;

namespace Strata.Runner.Planning;

/// <summary>Names made from other names, within an engine's limit.</summary>
public static class Identifiers
{
    /// <returns>Prefix, name and suffix; a name that does not fit is cut and ends in a hash of the whole.</returns>
    public static string Fit(string prefix, string name, string suffix, int maxBytes)
    {
        var whole = prefix + name + suffix;
        if (Encoding.UTF8.GetByteCount(whole) <= maxBytes)
            return whole;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        var room = maxBytes - Encoding.UTF8.GetByteCount(prefix + suffix) - hash.Length - 1;
        var kept = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
                break;
            kept.Append(rune);
        }
        return $"{prefix}{kept}_{hash}{suffix}";
    }
}
