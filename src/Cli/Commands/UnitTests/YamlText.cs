using System.Text.Json;
using System.Text.RegularExpressions;

namespace Strata.Cli.Commands.UnitTests;

/// <summary>Text as a value in YAML, in quotes where it would be read as something else without them.</summary>
internal static partial class YamlText
{
    public static string Of(string text) =>
        IsPlain().IsMatch(text) && !IsWord().IsMatch(text) ? text : $"\"{JsonEncodedText.Encode(text)}\"";

    // a word, or a reference as it is written everywhere
    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_-]*(\('[\p{L}\p{Nd}_-]+'(, '[\p{L}\p{Nd}_-]+')?\))?\z")]
    private static partial Regex IsPlain();

    [GeneratedRegex(
        @"^(true|false|yes|no|on|off|y|n|null)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex IsWord();
}
