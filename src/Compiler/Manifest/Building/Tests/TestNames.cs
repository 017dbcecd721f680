using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Manifest.Building.Tests;

/// <summary>The names of generic tests: the test, what it is on, and its arguments, as dbt builds them.</summary>
internal static class TestNames
{
    private const int MaxLength = 63;
    private const int KeptLength = 30;

    private static readonly SearchValues<char> s_clean = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
    );

    /// <param name="subject">The model, or <c>source_table</c> of a source.</param>
    /// <param name="arguments">The arguments by name, the column among them.</param>
    public static string Make(
        string testName,
        string subject,
        bool isSource,
        IEnumerable<KeyValuePair<string, object?>> arguments
    )
    {
        var head = $"{(isSource ? "source_" : "")}{testName.Replace('.', '_')}_{subject}";
        var parts = arguments
            .OrderBy(argument => argument.Key, StringComparer.Ordinal)
            .SelectMany(argument => Flatten(argument.Value))
            .Select(Clean);
        var name = $"{head}_{string.Join("__", parts)}";
        if (name.Length <= MaxLength)
            return name;
        var hash = Hash(name);
        return $"{head[..Math.Min(KeptLength, head.Length)]}_{hash}";
    }

    /// <summary>The beginning of a hash, long enough to tell the tests of a project apart.</summary>
    public static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..10];

    private static IEnumerable<string> Flatten(object? value) =>
        value switch
        {
            string text => [text],
            IReadOnlyDictionary<string, object?> map => map.Values.Select(YamlScalar.Print),
            IEnumerable items => items.Cast<object?>().Select(YamlScalar.Print),
            _ => [YamlScalar.Print(value)],
        };

    // runs of anything but letters, digits and underscores become one underscore
    private static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(s_clean))
            return text;
        var clean = new StringBuilder(text.Length);
        var isGap = false;
        foreach (var c in text)
        {
            if (s_clean.Contains(c))
            {
                clean.Append(c);
                isGap = false;
            }
            else if (!isGap)
            {
                clean.Append('_');
                isGap = true;
            }
        }
        return clean.ToString();
    }
}
